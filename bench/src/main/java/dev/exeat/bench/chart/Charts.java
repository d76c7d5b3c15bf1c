package dev.exeat.bench.chart;

import dev.exeat.bench.result.Metric;
import dev.exeat.bench.result.Results;
import dev.exeat.bench.result.ScenarioResult;
import dev.exeat.bench.result.Series;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The charts of a result file: one for the first metric of each scenario. */
public final class Charts {
    private Charts() {}

    /**
     * Writes them as SCENARIO.svg.
     *
     * @return the scenarios that have one
     */
    public static List<String> write(Results results, Path directory) {
        List<String> written = new ArrayList<>();
        try {
            Files.createDirectories(directory);
            for (ScenarioResult scenario : results.scenarios()) {
                BarChart chart = chart(scenario);
                if (!chart.bars().isEmpty()) {
                    Files.writeString(directory.resolve(scenario.id() + ".svg"), chart.svg());
                    written.add(scenario.id());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written;
    }

    private static BarChart chart(ScenarioResult scenario) {
        return scenario.subjects().size() == 1 ? byMetric(scenario) : bySubject(scenario);
    }

    private static BarChart bySubject(ScenarioResult scenario) {
        Metric metric = scenario.metrics().getFirst();
        List<BarChart.Bar> bars = new ArrayList<>();
        for (String subject : scenario.subjects()) {
            scenario.series(subject, metric.id())
                    .flatMap(Series::spread)
                    .ifPresent(spread -> bars.add(new BarChart.Bar(subject, spread, subject.startsWith("exeat"))));
        }
        return new BarChart(scenario.title() + ": " + metric.title(), metric.unit(), bars);
    }

    /** Where Exeat is alone, its metrics are worth comparing. */
    private static BarChart byMetric(ScenarioResult scenario) {
        String subject = scenario.subjects().getFirst();
        String unit = scenario.metrics().getFirst().unit();
        List<BarChart.Bar> bars = new ArrayList<>();
        for (Metric metric : scenario.metrics()) {
            scenario.series(subject, metric.id())
                    .filter(_ -> metric.unit().equals(unit))
                    .flatMap(Series::spread)
                    .ifPresent(spread -> bars.add(new BarChart.Bar(metric.title(), spread, true)));
        }
        return new BarChart(scenario.title(), unit, bars);
    }
}
