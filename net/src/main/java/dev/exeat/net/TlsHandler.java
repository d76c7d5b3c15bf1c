package dev.exeat.net;

/** Is told how a handshake ended; exactly one is called, on the stream's loop. */
public interface TlsHandler {
    void established(TlsStream stream);

    /** The stream is released; the peer was sent the fitting alert where there is one. */
    void failed(TlsStream stream, TlsFailure failure);
}
