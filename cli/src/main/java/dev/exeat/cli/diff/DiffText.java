package dev.exeat.cli.diff;

import dev.exeat.cli.Columns;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.diff.Client;
import dev.exeat.policy.diff.Flip;
import dev.exeat.policy.diff.Outcome;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Prints what {@link DiffCommand} found. */
final class DiffText {
    private static final List<String> HEADINGS = List.of("WHO", "TO", "BEFORE", "AFTER", "BECAUSE");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintWriter out;
    private final String trustDomain;

    DiffText(PrintWriter out, String trustDomain) {
        this.out = out;
        this.trustDomain = trustDomain;
    }

    void table(List<Flip> flips, long pairs) {
        if (!flips.isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADINGS);
            flips.forEach(flip -> rows.add(row(flip)));
            Columns.print(rows, out);
        }
        out.println(summary(flips, pairs));
    }

    /** For comments on a change under review. */
    void markdown(List<Flip> flips, long pairs) {
        if (!flips.isEmpty()) {
            out.println("| who | to | before | after | because |");
            out.println("|---|---|---|---|---|");
            for (Flip flip : flips) {
                out.println("| "
                        + String.join(
                                " | ", row(flip).stream().map(Columns::markdown).toList()) + " |");
            }
            out.println();
        }
        out.println(summary(flips, pairs));
    }

    /** An object a line. */
    void json(List<Flip> flips) {
        for (Flip flip : flips) {
            Map<String, Object> fields = new LinkedHashMap<>();
            if (flip.client().identity() == null) {
                fields.put("source_address", flip.client().address().toString());
            } else {
                fields.put("identity", flip.client().identity().toString());
            }
            fields.put("host", flip.target().host().value());
            fields.put("port", flip.target().port());
            if (!flip.hello().isEmpty()) {
                fields.put("hello", flip.hello());
            }
            fields.put("before", side(flip.before()));
            fields.put("after", side(flip.after()));
            out.println(JSON.writeValueAsString(fields));
        }
    }

    private static Map<String, Object> side(Flip.Side side) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("verdict", side.outcome().word());
        if (side.rule() != null) {
            fields.put("rule", side.rule().toString());
        }
        if (!side.message().isEmpty()) {
            fields.put("message", side.message());
        }
        return fields;
    }

    private List<String> row(Flip flip) {
        return List.of(
                who(flip.client()),
                flip.target() + (flip.hello().isEmpty() ? "" : " (" + flip.hello() + ")"),
                flip.before().outcome().word(),
                flip.after().outcome().word(),
                because(flip));
    }

    /** What decides now; where that allows without a policy, what had denied before. */
    private static String because(Flip flip) {
        Flip.Side after = flip.after();
        if (after.outcome() == Outcome.ALLOW) {
            return flip.before().rule() == null
                    ? after.rule() == null
                            ? "nothing denies it any more"
                            : after.rule().object().toString()
                    : flip.before().rule().object() + " does not deny it any more";
        }
        return after.message().isEmpty() ? String.valueOf(after.rule()) : after.message();
    }

    private String who(Client client) {
        SpiffeId identity = client.identity();
        return identity != null && identity.trustDomain().equals(trustDomain) && identity.serviceAccount() != null
                ? identity.namespace() + "/" + identity.serviceAccount()
                : client.toString();
    }

    private static String summary(List<Flip> flips, long pairs) {
        if (flips.isEmpty()) {
            return "no verdict changes in " + pairs + " pairs of a client and a host";
        }
        List<String> counts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            long count = flips.stream()
                    .filter(flip -> flip.after().outcome() == outcome)
                    .count();
            if (count > 0) {
                counts.add(count
                        + switch (outcome) {
                            case ALLOW -> " newly allowed";
                            case DENY -> " newly denied";
                            case AUDIT -> " newly passing by audit alone";
                        });
            }
        }
        return flips.size() + " of " + pairs + " pairs change: " + String.join(", ", counts);
    }
}
