package dev.exeat.net;

/** A TLS library, set up with one identity and one verifier; makes sessions for streams. Safe for any thread. */
interface TlsEngine {
    /**
     * Makes a session.
     *
     * @param serverName for the SNI extension of a client; empty to send none
     * @param room is asked to drain when the session's own output is full
     */
    TlsSession session(String serverName, TlsSession.OutputRoom room);

    /** Releases what the library holds; called once, when no session is left. */
    void free();
}
