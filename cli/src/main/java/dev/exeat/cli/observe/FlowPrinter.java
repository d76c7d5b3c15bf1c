package dev.exeat.cli.observe;

import dev.exeat.cli.Columns;
import dev.exeat.flow.query.Flow;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints connections one after the other in one of the forms; a table needs all of them for its columns. */
final class FlowPrinter {
    private static final List<String> HEAD =
            List.of("TIME", "VERDICT", "WHO", "TO", "REASON", "RULE", "SENT", "RECEIVED");
    private static final List<String> MORE =
            List.of("DIALLED", "FACTS", "MESSAGE", "NEAREST", "SHADOW", "POLICY", "ID");

    private final PrintWriter out;
    private final Output output;
    private final FlowText text;
    private final List<List<String>> rows = new ArrayList<>();
    private boolean first = true;

    /** How connections are printed. */
    enum Output {
        COMPACT,
        TABLE,
        WIDE,
        JSON,
        JSONL;

        /** Whether a connection can be printed before the next is known. */
        boolean isStream() {
            return this == COMPACT || this == JSONL;
        }
    }

    FlowPrinter(PrintWriter out, Output output, FlowText text) {
        this.out = out;
        this.output = output;
        this.text = text;
    }

    void print(Flow flow) {
        switch (output) {
            case COMPACT -> out.println(text.sentence(flow));
            case JSONL -> out.println(flow.line());
            case JSON -> {
                out.print(first ? "[\n  " : ",\n  ");
                out.print(flow.line());
            }
            case TABLE, WIDE -> rows.add(row(flow));
        }
        first = false;
    }

    /** Prints what was waiting for the end. */
    void end() {
        switch (output) {
            case JSON -> out.println(first ? "[]" : "\n]");
            case TABLE, WIDE -> {
                rows.addFirst(output == Output.WIDE ? joined(HEAD, MORE) : HEAD);
                Columns.print(rows, out);
            }
            case COMPACT, JSONL -> {}
        }
        out.flush();
    }

    private List<String> row(Flow flow) {
        List<String> row = List.of(
                text.time(flow.time()),
                FlowText.verdict(flow),
                FlowText.who(flow),
                FlowText.what(flow),
                orDash(flow.reason()),
                orDash(flow.rule().toString()),
                FlowText.octets(flow.ending().received()),
                FlowText.octets(flow.ending().sent()));
        return output == Output.TABLE
                ? row
                : joined(
                        row,
                        List.of(
                                orDash(flow.what().dialled()),
                                orDash(String.join(",", FlowText.facts(flow))),
                                orDash(flow.message()),
                                orDash(flow.nearestMiss()),
                                orDash(FlowText.shadow(flow)),
                                orDash(FlowText.digest(flow)),
                                flow.id()));
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> joined = new ArrayList<>(one);
        joined.addAll(other);
        return joined;
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }
}
