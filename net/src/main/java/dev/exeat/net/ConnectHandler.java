package dev.exeat.net;

import java.io.IOException;

/** What came of an attempt to connect; exactly one is called, later than the attempt's start. */
public interface ConnectHandler {
    void connected(TcpStream stream);

    /** @param e says for people what the system said, as in {@code connection refused} */
    void failed(IOException e);
}
