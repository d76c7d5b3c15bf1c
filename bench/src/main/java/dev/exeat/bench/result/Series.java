package dev.exeat.bench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One metric of one program, round by round.
 *
 * @param values null where a round failed
 */
public record Series(String subject, String metric, List<@Nullable Double> values) {

    /** Empty if every round failed. */
    public Optional<Spread> spread() {
        double[] known = values.stream()
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        return known.length == 0 ? Optional.empty() : Optional.of(Spread.of(known));
    }

    /** This one by the other one, each round for itself; empty if no round has both. */
    public Optional<Spread> by(Series other) {
        int rounds = Math.min(values.size(), other.values.size());
        double[] ratios = new double[rounds];
        int count = 0;
        for (int i = 0; i < rounds; i++) {
            Double mine = values.get(i);
            Double its = other.values.get(i);
            if (mine != null && its != null && its != 0) {
                ratios[count++] = mine / its;
            }
        }
        return count == 0 ? Optional.empty() : Optional.of(Spread.of(Arrays.copyOf(ratios, count)));
    }
}
