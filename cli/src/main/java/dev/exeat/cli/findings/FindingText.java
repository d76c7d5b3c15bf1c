package dev.exeat.cli.findings;

import dev.exeat.cli.Columns;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.ask.Printable;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints findings. */
final class FindingText {
    private static final List<String> HEAD =
            List.of("KIND", "WHO", "TO", "COUNT", "FIRST", "LAST", "EXAMPLE", "DETAIL");

    private final PrintWriter out;
    private final DateTimeFormatter times;

    FindingText(PrintWriter out, ZoneId zone) {
        this.out = out;
        this.times =
                DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** @param suppressed how many are not told */
    void sentences(List<Finding> findings, long suppressed) {
        for (Finding finding : findings) {
            out.println(Printable.of(finding.kind().code() + ": "
                    + finding.pair().who() + " -> " + finding.pair().what() + ": " + finding.detail() + " ("
                    + (finding.count() == 1
                            ? "once, " + times.format(finding.first())
                            : finding.count() + " times, " + times.format(finding.first()) + " to "
                                    + times.format(finding.last()))
                    + ") [" + finding.example() + "]"));
        }
        out.println(summary(findings, suppressed));
    }

    /** @param suppressed how many are not told */
    void table(List<Finding> findings, long suppressed) {
        if (!findings.isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            for (Finding finding : findings) {
                rows.add(List.of(
                        finding.kind().code(),
                        finding.pair().who(),
                        finding.pair().what(),
                        Long.toString(finding.count()),
                        times.format(finding.first()),
                        times.format(finding.last()),
                        finding.example(),
                        finding.detail()));
            }
            Columns.print(rows, out);
        }
        out.println(summary(findings, suppressed));
    }

    private static String summary(List<Finding> findings, long suppressed) {
        String told = findings.isEmpty()
                ? "nothing stands out"
                : findings.size() + (findings.size() == 1 ? " finding" : " findings");
        return told + (suppressed == 0 ? "" : "; " + suppressed + " suppressed");
    }

    /** An object a line. */
    void json(List<Finding> findings) {
        for (Finding finding : findings) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("kind", finding.kind().code());
            if (!finding.pair().identity().isEmpty()) {
                fields.put("identity", finding.pair().identity());
            }
            fields.put("host", finding.pair().host());
            fields.put("port", finding.pair().port());
            fields.put("count", finding.count());
            fields.put("first_seen", finding.first().toString());
            fields.put("last_seen", finding.last().toString());
            fields.put("example", finding.example());
            fields.put("detail", finding.detail());
            out.println(ObjectPrinter.line(fields));
        }
    }
}
