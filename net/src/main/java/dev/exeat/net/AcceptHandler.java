package dev.exeat.net;

/** Takes accepted connections, on the thread of the stream's loop. */
@FunctionalInterface
public interface AcceptHandler {
    void accepted(TcpStream stream);
}
