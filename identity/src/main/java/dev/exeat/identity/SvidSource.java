package dev.exeat.identity;

/**
 * Where a process has its own SVID and what it trusts from. Each accessor gives the latest good value at once, without
 * I/O, and the same object until it changes. Thread-safe.
 */
public interface SvidSource extends AutoCloseable {
    Svid svid();

    TrustBundle bundle();

    Revocations revocations();

    /** Calls the listener, on a thread of the source's own, after any of the three has changed. It must not block. */
    void onChange(Runnable listener);

    /** Ends the watching and renewing; the accessors keep their last values. */
    @Override
    void close();
}
