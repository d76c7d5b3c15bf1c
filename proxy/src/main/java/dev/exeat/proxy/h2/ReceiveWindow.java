package dev.exeat.proxy.h2;

/**
 * The connection's own window for what the peer sends. It is opened as octets come, not as they are read, so that a
 * tunnel whose reader sleeps does not stop the others; only when all of them together hold too much is it kept shut.
 */
final class ReceiveWindow {
    private final H2Limits limits;
    private long window = Frame.DEFAULT_WINDOW;
    private long unread;

    ReceiveWindow(H2Limits limits) {
        this.limits = limits;
    }

    void charge(int length) {
        window -= length;
        if (window < 0) {
            throw new H2Exception(H2Error.FLOW_CONTROL_ERROR, "more than the connection's window allows");
        }
    }

    void buffered(int count) {
        unread += count;
    }

    void unbuffered(int count) {
        unread -= count;
    }

    /** By how much the window is to be opened at the start. */
    int initialIncrement() {
        return increment(1);
    }

    /** By how much it is to be opened now; 0 as long as that is not worth a frame. */
    int increment() {
        return increment(limits.connectionWindow() / 2);
    }

    private int increment(int least) {
        long target = Math.min(limits.connectionWindow(), limits.connectionBuffer() - unread);
        int increment = (int) Math.max(0, target - window);
        if (increment < least) {
            return 0;
        }
        window += increment;
        return increment;
    }
}
