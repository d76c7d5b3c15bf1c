package dev.exeat.bench.load;

/**
 * What the load process shall do next.
 *
 * @param port of the measured program, on 127.0.0.1
 * @param authority what a CONNECT or SOCKS5 request asks for, {@code host:port}
 * @param inFlight how many operations are under way at a time
 * @param millis for how long operations are begun; or, of {@link Kind#OPEN}, how long may pass until all are open
 * @param perSecond operations begun per second, of {@link Kind#RATE}
 * @param noDelay whether the client sets TCP_NODELAY, of {@link Kind#FIRST_OCTET}
 */
public record Job(
        Kind kind, Door door, int port, String authority, int inFlight, long millis, int perSecond, boolean noDelay) {

    /** The kinds of load. */
    public enum Kind {
        /** Closed loop: open, hello, answer, request, response, close. */
        CONNECTIONS,
        /** Closed loop on open connections: request, response. */
        PINGS,
        /** Each connection asks for as many records as come in the time. */
        BULK,
        /** Open loop of whole connections at a fixed rate; what counts is the time to the first answer. */
        RATE,
        /** Opens connections, speaks once on each, and holds them until {@link #CLOSE}. */
        OPEN,
        /** Ends what {@link #OPEN} holds. */
        CLOSE,
        /** Closed loop of connections that resume their TLS session where the server lets them. */
        RESUMPTIONS,
        /** One connection after another over mutual TLS, until its first octet of answer, with blocking sockets. */
        FIRST_OCTET
    }

    public static Job of(Kind kind, Door door, int port, String authority) {
        return new Job(kind, door, port, authority, 1, 1000, 0, true);
    }

    public Job inFlight(int count) {
        return new Job(kind, door, port, authority, count, millis, perSecond, noDelay);
    }

    public Job lasting(long milliseconds) {
        return new Job(kind, door, port, authority, inFlight, milliseconds, perSecond, noDelay);
    }

    public Job perSecond(int rate) {
        return new Job(kind, door, port, authority, inFlight, millis, rate, noDelay);
    }

    public Job noDelay(boolean set) {
        return new Job(kind, door, port, authority, inFlight, millis, perSecond, set);
    }
}
