package dev.exeat.cli.replay;

import dev.exeat.cli.Columns;
import dev.exeat.cli.observe.FlowText;
import dev.exeat.cli.replay.Replay.Flips;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Prints what a replay found. */
final class ReplayText {
    private static final List<String> HEAD =
            List.of("WHO", "TO", "BEFORE", "AFTER", "COUNT", "LAST SEEN", "EXAMPLE", "RULE", "BECAUSE");
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintWriter out;
    private final FlowText text;

    ReplayText(PrintWriter out, FlowText text) {
        this.out = out;
        this.text = text;
    }

    void table(Replay replay) {
        Collection<Flips> flips = replay.flips();
        if (!flips.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEAD);
            flips.forEach(flip -> rows.add(row(flip)));
            Columns.print(rows, out);
        }
        out.println(summary(replay));
    }

    private List<String> row(Flips flip) {
        return List.of(
                FlowText.who(flip.example()),
                FlowText.what(flip.example()),
                flip.before().word(),
                flip.after().word(),
                Long.toString(flip.count()),
                text.time(flip.last()),
                flip.example().id(),
                flip.rule().isEmpty() ? "-" : flip.rule(),
                flip.because());
    }

    /** For comments on a change under review. */
    void markdown(Replay replay) {
        Collection<Flips> flips = replay.flips();
        if (!flips.isEmpty()) {
            out.println("| who | to | before | after | count | last seen | example | rule | because |");
            out.println("|---|---|---|---|---:|---|---|---|---|");
            for (Flips flip : flips) {
                out.println("| "
                        + String.join(
                                " | ", row(flip).stream().map(Columns::markdown).toList()) + " |");
            }
            out.println();
        }
        out.println(summary(replay));
    }

    /** An object a line. */
    void json(Replay replay) {
        for (Flips flip : replay.flips()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (flip.example().who().identity().isEmpty()) {
                fields.put("source_address", flip.example().who().address());
            } else {
                fields.put("identity", flip.example().who().identity());
            }
            fields.put("host", flip.example().what().host());
            fields.put("port", flip.example().what().port());
            fields.put("before", flip.before().word());
            fields.put("after", flip.after().word());
            fields.put("count", flip.count());
            fields.put("last_seen", flip.last().toString());
            fields.put("example", flip.example().id());
            if (!flip.rule().isEmpty()) {
                fields.put("rule", flip.rule());
            }
            fields.put("because", flip.because());
            out.println(JSON.writeValueAsString(fields));
        }
    }

    private static String summary(Replay replay) {
        String skipped =
                replay.unjudged() == 0 ? "" : "; " + replay.unjudged() + " more ended before any policy was asked";
        return replay.flipped() == 0
                ? "no verdict changes in " + replay.judged() + " attempts" + skipped
                : replay.flipped() + " of " + replay.judged() + " attempts end otherwise" + skipped;
    }
}
