package dev.exeat.cli.findings;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * How numbers usually are, by median and median absolute deviation, which a few that stand out do not move. Keeps a
 * sample of all that come, each with the same chance. Not thread-safe.
 */
final class Spread {
    private static final int SAMPLE = 256;
    private static final int FIRST = 8;
    /** Where all are nearly the same, a deviation is no smaller than this part of the median, and this many octets. */
    private static final int LEAST_PART = 10;

    private static final long LEAST = 1024;

    private final RandomGenerator random;
    private long[] sample = new long[FIRST];
    private long count;

    Spread(RandomGenerator random) {
        this.random = random;
    }

    /**
     * What is usual.
     *
     * @param deviation of half of them at most
     */
    record Usual(long median, long deviation) {
        /** Whether a number is larger than the median by more than so many deviations. */
        boolean isExceededBy(long number, int factor) {
            return number - median > factor * deviation;
        }
    }

    void add(long number) {
        if (count < SAMPLE) {
            if (count == sample.length) {
                sample = Arrays.copyOf(sample, 2 * sample.length);
            }
            sample[(int) count] = number;
        } else {
            long place = random.nextLong(count + 1);
            if (place < SAMPLE) {
                sample[(int) place] = number;
            }
        }
        count++;
    }

    /** How many came. */
    long count() {
        return count;
    }

    /** Of at least one number. */
    Usual usual() {
        long[] sorted = Arrays.copyOf(sample, (int) Math.min(count, SAMPLE));
        long median = median(sorted);
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Math.abs(sorted[i] - median);
        }
        return new Usual(median, Math.max(median(sorted), Math.max(median / LEAST_PART, LEAST)));
    }

    private static long median(long[] numbers) {
        Arrays.sort(numbers);
        return numbers[numbers.length / 2];
    }
}
