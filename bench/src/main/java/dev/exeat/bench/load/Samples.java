package dev.exeat.bench.load;

import java.util.Arrays;

/** Durations, all kept, so that quantiles are exact. Not thread-safe. */
public final class Samples {
    private static final double NANOS_PER_MICRO = 1000;

    private long[] nanos = new long[1024];
    private int count;

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = duration;
    }

    public int count() {
        return count;
    }

    /**
     * The smallest sample that at least the given share of all are not above (nearest rank).
     *
     * @param share above 0, at most 1
     * @return microseconds; 0 without samples
     */
    public double quantileMicros(double share) {
        if (count == 0) {
            return 0;
        }
        Arrays.sort(nanos, 0, count);
        int rank = (int) Math.ceil(share * count);
        return nanos[Math.clamp(rank, 1, count) - 1] / NANOS_PER_MICRO;
    }
}
