package dev.exeat.flow;

/**
 * Which metrics have names from the network in their labels.
 *
 * @param top identities, hosts, and pairs of both, that have series of their own; 0 for no such metrics
 * @param istio whether there are Istio's {@code istio_tcp_*}, of pairs
 */
public record SeriesOptions(int top, boolean istio) {
    public static final int MOST = 1000;
    public static final SeriesOptions NONE = new SeriesOptions(0, false);

    /** @throws IllegalArgumentException if {@code top} is out of range, or 0 with Istio's */
    public SeriesOptions {
        if (top < (istio ? 1 : 0) || top > MOST) {
            throw new IllegalArgumentException("top is out of range: " + top);
        }
    }
}
