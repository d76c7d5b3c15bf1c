package dev.exeat.bench.result;

import dev.exeat.bench.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The results as Markdown, which terminals show well enough. Immutable. */
public final class Report {
    private final Results results;

    public Report(Results results) {
        this.results = results;
    }

    /** Everything: the machine, the programs, the goals and a table for each scenario. */
    public String text() {
        StringBuilder out = new StringBuilder();
        head(out);
        goals(out);
        results.scenarios().forEach(scenario -> scenario(out, scenario));
        return out.toString();
    }

    private void head(StringBuilder out) {
        Machine machine = results.machine();
        out.append("Measured %s on %s (%d cores, %d MB, %s), %d rounds of %s s, load average before: %s.\n\n"
                .formatted(
                        results.taken(),
                        machine.cpu(),
                        machine.cores(),
                        machine.memoryMegabytes(),
                        machine.kernel(),
                        results.rounds(),
                        Spread.number(results.seconds()),
                        Spread.number(machine.load1())));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("program", "version", "TLS library"));
        for (Results.Measured program : results.programs()) {
            rows.add(List.of(program.name(), program.version(), program.tls()));
        }
        table(out, rows);
    }

    private void goals(StringBuilder out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("goal", "at most", "reached: median [min..max]", "rounds", ""));
        for (Goal goal : Goal.all()) {
            Optional<Spread> reached = goal.reached(results);
            String what = goal.scenario() + ", " + goal.metric()
                    + (goal.against().isEmpty() ? "" : ", by that of " + goal.against());
            rows.add(reached.map(spread -> List.of(
                            what,
                            Spread.number(goal.limit()),
                            spread.text(),
                            String.valueOf(spread.rounds()),
                            spread.median() <= goal.limit() ? "met" : "**missed**"))
                    .orElseGet(() -> List.of(what, Spread.number(goal.limit()), "not measured", "", "")));
        }
        out.append("### Goals\n\n");
        table(out, rows);
    }

    private static void scenario(StringBuilder out, ScenarioResult scenario) {
        out.append("### ")
                .append(scenario.id())
                .append(": ")
                .append(scenario.title())
                .append("\n\n");
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("program"));
        for (Metric metric : scenario.metrics()) {
            head.add(metric.title() + ", " + metric.unit());
            if (compared(scenario, metric)) {
                head.add("Exeat's by it");
            }
        }
        head.add("rounds");
        rows.add(head);
        scenario.subjects().forEach(subject -> rows.add(row(scenario, subject)));
        table(out, rows);
        scenario.notes().forEach(note -> out.append("* ").append(note).append('\n'));
        if (!scenario.notes().isEmpty()) {
            out.append('\n');
        }
    }

    private static List<String> row(ScenarioResult scenario, String subject) {
        List<String> row = new ArrayList<>(List.of(subject));
        int rounds = 0;
        for (Metric metric : scenario.metrics()) {
            Optional<Series> series = scenario.series(subject, metric.id());
            Optional<Spread> spread = series.flatMap(Series::spread);
            rounds = Math.max(rounds, spread.map(Spread::rounds).orElse(0));
            row.add(spread.map(Spread::text).orElse("–"));
            if (compared(scenario, metric)) {
                row.add(ratio(scenario, series, metric, subject));
            }
        }
        row.add(String.valueOf(rounds));
        return row;
    }

    /** Ratios of the first metric alone, which is the one that the scenario is about. */
    private static boolean compared(ScenarioResult scenario, Metric metric) {
        return scenario.subjects().size() > 1
                && metric.equals(scenario.metrics().getFirst());
    }

    private static String ratio(ScenarioResult scenario, Optional<Series> series, Metric metric, String subject) {
        String reference = scenario.subjects().contains("exeat") ? "exeat" : "exeat-chain";
        if (subject.equals(reference)) {
            return "1";
        }
        return series.flatMap(its -> scenario.series(reference, metric.id()).flatMap(own -> own.by(its)))
                .map(Spread::text)
                .orElse("–");
    }

    /** The first row is the head; columns are as wide as their widest cell. */
    private static void table(StringBuilder out, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r).get(i);
                out.append("| ").append(cell).append(" ".repeat(widths[i] - cell.length() + 1));
            }
            out.append("|\n");
            if (r == 0) {
                for (int width : widths) {
                    out.append("|").append("-".repeat(width + 2));
                }
                out.append("|\n");
            }
        }
        out.append('\n');
    }
}
