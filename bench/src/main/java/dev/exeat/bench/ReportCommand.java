package dev.exeat.bench;

import dev.exeat.bench.chart.Charts;
import dev.exeat.bench.result.Report;
import dev.exeat.bench.result.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a result file again, draws its charts, and puts both into the documentation. */
@Command(name = "report", description = "Prints the tables of a result file again, and draws its charts.")
final class ReportCommand implements Callable<Integer> {
    private static final String BEGIN = "<!-- figures -->";
    private static final String END = "<!-- end of figures -->";

    @Parameters(paramLabel = "FILE", description = "The result file.")
    Path file = Path.of("results.json");

    @Option(
            names = "--docs",
            paramLabel = "DIR",
            description = "Put the tables into DIR/performance.md and the charts beside it.")
    @Nullable
    Path docs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what can be asked for.")
    boolean help;

    @Override
    public Integer call() throws IOException {
        Results results = Results.read(file);
        String text = new Report(results).text();
        if (docs == null) {
            System.out.println(text);
            return 0;
        }
        List<String> charts = Charts.write(results, docs.resolve("charts"));
        Path page = docs.resolve("performance.md");
        Files.writeString(page, replaced(Files.readString(page), text, charts));
        System.out.println("wrote " + page + " and " + charts.size() + " charts");
        return 0;
    }

    private static String replaced(String page, String text, List<String> charts) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page has no lines " + BEGIN + " and " + END);
        }
        StringBuilder figures = new StringBuilder(BEGIN).append("\n\n");
        for (String line : text.split("\n", -1)) {
            figures.append(line).append('\n');
            for (String chart : charts) {
                if (line.startsWith("### " + chart + ":")) {
                    figures.append("\n![")
                            .append(chart)
                            .append("](charts/")
                            .append(chart)
                            .append(".svg)\n");
                }
            }
        }
        return page.substring(0, begin) + figures + page.substring(end);
    }
}
