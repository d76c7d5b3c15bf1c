package dev.exeat.net;

/** Takes accepted connections, on the thread of the stream's loop. */
@FunctionalInterface
public interface AcceptHandler {
    void accepted(TcpStream stream);

    /** Asked before each: if not, those that come wait in the kernel's queue, and it is asked again in a moment. */
    default boolean isTaking() {
        return true;
    }
}
