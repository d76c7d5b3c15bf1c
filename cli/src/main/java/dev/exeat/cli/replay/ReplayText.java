package dev.exeat.cli.replay;

import dev.exeat.cli.Columns;
import dev.exeat.cli.ObjectPrinter;
import dev.exeat.cli.observe.FlowText;
import dev.exeat.cli.replay.Replay.Flips;
import dev.exeat.cli.replay.Replay.Result;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.store.MinuteSum;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what a replay found. */
final class ReplayText {
    private static final List<String> HEAD =
            List.of("WHO", "TO", "BEFORE", "AFTER", "COUNT", "LAST SEEN", "EXAMPLE", "RULE", "BECAUSE");

    private final PrintWriter out;
    private final FlowText text;

    ReplayText(PrintWriter out, FlowText text) {
        this.out = out;
        this.text = text;
    }

    void table(Result result) {
        if (!result.flips().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEAD);
            result.flips().forEach(flip -> rows.add(row(flip)));
            Columns.print(rows, out);
        }
        summary(result).forEach(out::println);
    }

    private List<String> row(Flips flip) {
        return List.of(
                who(flip),
                what(flip),
                flip.before().word(),
                flip.after().word(),
                Long.toString(flip.count()),
                text.time(flip.last()),
                flip.example(),
                flip.rule().isEmpty() ? "-" : flip.rule(),
                flip.because().isEmpty() ? "-" : flip.because());
    }

    private static String who(Flips flip) {
        return flip.identity().isEmpty()
                ? flip.address()
                : Who.of(flip.identity()).shortName();
    }

    private static String what(Flips flip) {
        return flip.port() == 0 ? flip.host() : flip.host() + ":" + flip.port();
    }

    /** For comments on a change under review. */
    void markdown(Result result) {
        if (!result.flips().isEmpty()) {
            out.println("| who | to | before | after | count | last seen | example | rule | because |");
            out.println("|---|---|---|---|---:|---|---|---|---|");
            for (Flips flip : result.flips()) {
                out.println("| "
                        + String.join(
                                " | ", row(flip).stream().map(Columns::markdown).toList()) + " |");
            }
            out.println();
        }
        summary(result).forEach(out::println);
    }

    /** An object a line. */
    void json(Result result) {
        for (Flips flip : result.flips()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (flip.identity().isEmpty()) {
                fields.put("source_address", flip.address());
            } else {
                fields.put("identity", flip.identity());
            }
            fields.put("host", flip.host());
            fields.put("port", flip.port());
            fields.put("before", flip.before().word());
            fields.put("after", flip.after().word());
            fields.put("count", flip.count());
            fields.put("last_seen", flip.last().toString());
            fields.put("example", flip.example());
            if (!flip.rule().isEmpty()) {
                fields.put("rule", flip.rule());
            }
            fields.put("because", flip.because());
            out.println(ObjectPrinter.line(fields));
        }
    }

    private static List<String> summary(Result result) {
        String skipped =
                result.unjudged() == 0 ? "" : "; " + result.unjudged() + " more ended before any policy was asked";
        List<String> lines = new ArrayList<>();
        lines.add(
                result.flipped() == 0
                        ? "no verdict changes in " + result.judged() + " attempts" + skipped
                        : result.flipped() + " of " + result.judged() + " attempts end otherwise" + skipped);
        if (result.auditsEnded() > 0) {
            lines.add(result.auditsEnded() + " that passed only because of an audit are allowed");
        }
        if (result.auditsBegun() > 0) {
            lines.add(result.auditsBegun() + " that were allowed pass only because of an audit");
        }
        if (result.superseded() > 0) {
            lines.add(result.superseded()
                    + " end otherwise than recorded, but as later policies had decided for the same client and target");
        }
        if (result.folded()) {
            lines.add("there are too many flips to tell all apart; the rest stands under " + MinuteSum.OTHER);
        }
        return lines;
    }
}
