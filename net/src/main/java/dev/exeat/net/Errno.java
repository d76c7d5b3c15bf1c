package dev.exeat.net;

/** The error numbers of Linux that the data plane tells apart; the same on x86_64 and aarch64. */
final class Errno {
    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int EPIPE = 32;
    static final int EPROTO = 71;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETDOWN = 100;
    static final int ENETUNREACH = 101;
    static final int ECONNABORTED = 103;
    static final int ECONNRESET = 104;
    static final int ENOBUFS = 105;
    static final int ETIMEDOUT = 110;
    static final int ECONNREFUSED = 111;
    static final int EHOSTUNREACH = 113;
    static final int EINPROGRESS = 115;

    private Errno() {}

    /** For people. */
    static String text(int errno) {
        return switch (errno) {
            case EACCES -> "permission denied";
            case ENFILE, EMFILE -> "too many open files";
            case EPIPE -> "the peer closed the connection";
            case EADDRINUSE -> "address already in use";
            case EADDRNOTAVAIL -> "address not available on this machine";
            case EPERM -> "not permitted";
            case ENOMEM, ENOBUFS -> "out of kernel memory";
            case ENETDOWN -> "network down";
            case ENETUNREACH -> "network unreachable";
            case ECONNABORTED -> "connection aborted";
            case ECONNRESET -> "connection reset by peer";
            case ETIMEDOUT -> "connection timed out";
            case ECONNREFUSED -> "connection refused";
            case EHOSTUNREACH -> "host unreachable";
            default -> "error " + errno;
        };
    }
}
