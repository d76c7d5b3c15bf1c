package dev.exeat.bench.result;

import java.util.List;
import java.util.Optional;

/**
 * What one scenario found.
 *
 * @param notes what a reader must know, as in why a program is missing
 */
public record ScenarioResult(String id, String title, List<Metric> metrics, List<Series> series, List<String> notes) {

    public Optional<Series> series(String subject, String metric) {
        return series.stream()
                .filter(one -> one.subject().equals(subject) && one.metric().equals(metric))
                .findFirst();
    }

    /** The programs in the order in which they were measured. */
    public List<String> subjects() {
        return series.stream().map(Series::subject).distinct().toList();
    }
}
