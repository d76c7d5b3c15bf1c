package dev.exeat.proxy.h2;

/** The owner of a client's connection. Called on the connection's loop. */
public interface H2ClientHandler {

    /** The server's SETTINGS have come: from now on {@link H2ClientConnection#availableStreams} tells the truth. */
    void ready(H2ClientConnection connection);

    /** The server takes no new tunnels; those that are open go on. Called at most once, before {@link #closed}. */
    void draining(H2ClientConnection connection);

    /** The connection ended, and every tunnel with it; called once. */
    void closed(H2ClientConnection connection, H2Closed how);
}
