package dev.exeat.policy;

/**
 * Bytes of a connection; received is what came from the client, sent what went to it.
 *
 * @param received since the last report of the event "continue"
 * @param receivedTotal since the beginning
 */
public record ByteCounts(long received, long sent, long receivedTotal, long sentTotal) {
    public static final ByteCounts NONE = new ByteCounts(0, 0, 0, 0);
}
