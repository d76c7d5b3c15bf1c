package dev.exeat.proxy.h2;

/** The owner of a server's connection. Called on the connection's loop. */
public interface H2ServerHandler {

    /** A CONNECT request; it is answered now or later, by exactly one of its methods. */
    void connect(H2ConnectRequest request);

    /**
     * A request that can open no tunnel and was answered already.
     *
     * @param status what it was answered with, as 405; 0 if its stream was reset
     * @param detail one sentence without any of the client's bytes
     */
    void refused(int status, String detail);

    /** A request came while all tunnels that the connection may have are open; its stream was reset. */
    default void overLimit() {}

    /** The connection ended, and every tunnel with it; called once. */
    void closed(H2Closed how);
}
