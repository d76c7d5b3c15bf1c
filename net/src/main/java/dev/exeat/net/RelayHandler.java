package dev.exeat.net;

/** Is told the end of a relay, once, on its loop. */
public interface RelayHandler {
    /** Both streams are released, but for the client's after {@link RelayEnd#GATE}, which the handler must end. */
    void ended(Relay relay, RelayEnd end);
}
