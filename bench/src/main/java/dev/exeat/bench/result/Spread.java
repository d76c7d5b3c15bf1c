package dev.exeat.bench.result;

import java.util.Arrays;
import java.util.Locale;

/**
 * Where the values of several rounds lie.
 *
 * @param rounds how many there are
 */
public record Spread(double min, double median, double max, int rounds) {

    /** @throws IllegalArgumentException without values */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("there are no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1], sorted.length);
    }

    /** {@code median [min..max]}, with three significant digits. */
    public String text() {
        return rounds == 1 ? number(median) : number(median) + " [" + number(min) + ".." + number(max) + "]";
    }

    /** Two digits after the point below 10, one below 100, none above. */
    public static String number(double value) {
        double size = Math.abs(value);
        int digits = size < 10 ? 2 : size < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
