package dev.exeat.net;

/** A TLS session and the connection below it, with the ciphertext on its way between them. */
record TlsTransport(TcpStream tcp, TlsSession session, CipherInput in, CipherQueue out) {

    /** Sends what the session has made by itself. */
    void sendOwnOutput() {
        out.sendOwn(session);
    }

    /** Sends the alert that the session made when it failed, if it made one. */
    void sendAlert() {
        session.clearInput();
        try {
            sendOwnOutput();
        } catch (StreamException e) {
            // The peer is gone; there is nobody to tell.
        }
    }
}
