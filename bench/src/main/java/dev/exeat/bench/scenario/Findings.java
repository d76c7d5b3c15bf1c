package dev.exeat.bench.scenario;

import dev.exeat.bench.result.Metric;
import dev.exeat.bench.result.ScenarioResult;
import dev.exeat.bench.result.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what one scenario finds. Not thread-safe. */
public final class Findings {
    private record Key(String subject, String metric) {}

    private final Map<Key, List<@Nullable Double>> values = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /** The figure of a round; those of rounds that were left out become null. */
    public void put(int round, String subject, Metric metric, double value) {
        List<@Nullable Double> rounds = values.computeIfAbsent(new Key(subject, metric.id()), _ -> new ArrayList<>());
        while (rounds.size() < round) {
            rounds.add(null);
        }
        rounds.add(value);
    }

    /** Says something once to the reader. */
    public void note(String text) {
        notes.add(text);
    }

    public ScenarioResult result(Scenario scenario) {
        List<Series> series = new ArrayList<>();
        values.forEach((key, rounds) -> series.add(new Series(key.subject(), key.metric(), new ArrayList<>(rounds))));
        return new ScenarioResult(
                scenario.id(), scenario.title(), scenario.metrics(), List.copyOf(series), List.copyOf(notes));
    }
}
