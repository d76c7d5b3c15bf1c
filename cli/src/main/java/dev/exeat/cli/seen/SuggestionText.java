package dev.exeat.cli.seen;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.seen.Evidence.Seen;
import dev.exeat.cli.seen.Evidence.Target;
import dev.exeat.cli.seen.Evidence.Visits;
import dev.exeat.cli.seen.Wildcards.Wildcard;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes EgressPolicy objects as people would, with the evidence for each line in a comment. */
final class SuggestionText {
    private final PrintWriter out;
    private final Wildcards wildcards;
    private final String trustDomain;
    private boolean first = true;

    SuggestionText(PrintWriter out, Wildcards wildcards, String trustDomain) {
        this.out = out;
        this.wildcards = wildcards;
        this.trustDomain = trustDomain;
    }

    /** A line of a list of hosts. */
    private record Line(String host, String why) {}

    /** Who is selected by no policy may go anywhere, so that of whom all was denied needs one that allows nothing. */
    private static final Line NOTHING =
            new Line("nothing.invalid", "no host has this name (RFC 6761): what was denied stays denied");

    /** Writes a policy for each identity that reached something or was denied everything, and says what is left out. */
    void print(Evidence evidence) {
        evidence.identities().forEach(this::print);
        long anonymous = evidence.anonymous().attempts();
        if (anonymous > 0) {
            out.println("# Left out: " + anonymous
                    + " connections without an identity. Give those clients one, or write a policy by source address.");
        }
    }

    private void print(String identity, Seen seen) {
        SpiffeId id = account(identity);
        SortedMap<Integer, List<Line>> ports = lines(seen);
        if (ports.isEmpty() && seen.targets().values().stream().anyMatch(Visits::isRefused)) {
            ports.put(443, List.of(NOTHING));
        }
        if (id == null || ports.isEmpty()) {
            comment("Left out: " + identity
                    + (id == null
                            ? ", which is no service account of " + trustDomain + "."
                            : ", for which nothing is left to allow."));
            sayLeftOut(seen);
            return;
        }
        if (!first) {
            out.println("---");
        }
        first = false;
        comment(seen.passed() + " connections since " + seen.first() + ".");
        sayLeftOut(seen);
        String account = id.serviceAccount();
        out.print("""
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: %s
                  namespace: %s
                spec:
                  reason: what %s reached from %s on
                  sources:
                    - serviceAccounts: [%s]
                  destinations:
                """.formatted(account, id.namespace(), account, seen.first(), account));
        ports.forEach(this::destination);
    }

    /** Null where it is no service account of the trust domain. */
    private @Nullable SpiffeId account(String identity) {
        try {
            SpiffeId id = SpiffeId.parse(identity);
            boolean account = id.serviceAccount() != null && id.namespace() != null;
            return account && id.trustDomain().equals(trustDomain) ? id : null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    /** No text of a client ends a comment. */
    private void comment(String text) {
        out.println("# " + Printable.of(text));
    }

    private void destination(int port, List<Line> lines) {
        out.println("    - hosts:");
        for (Line line : lines) {
            String host = line.host().startsWith("*") ? '"' + line.host() + '"' : line.host();
            out.println("        - " + host + " # " + line.why());
        }
        if (port != 443) {
            out.println("      ports: [" + port + "]");
        }
    }

    private SortedMap<Integer, List<Line>> lines(Seen seen) {
        SortedMap<Integer, List<Line>> ports = new TreeMap<>();
        Set<Target> covered = new HashSet<>();
        for (Wildcard wildcard : wildcards.of(seen.targets())) {
            covered.addAll(wildcard.covered().keySet());
            ports.computeIfAbsent(wildcard.port(), _ -> new ArrayList<>()).add(line(wildcard));
        }
        seen.targets().forEach((target, visits) -> {
            if (isAllowed(target, visits) && !covered.contains(target)) {
                ports.computeIfAbsent(target.port(), _ -> new ArrayList<>())
                        .add(new Line(target.host(), evidence(List.of(visits))));
            }
        });
        return ports;
    }

    private static Line line(Wildcard wildcard) {
        Collection<Visits> visits = wildcard.covered().values();
        return new Line(
                "*." + wildcard.domain(),
                evidence(visits) + "; a wildcard, for there were " + visits.size()
                        + " names directly below it, " + wildcard.late()
                        + " of them new in the last quarter of the time");
    }

    /** How often, and when last; and what there is to think about. */
    private static String evidence(Collection<Visits> visits) {
        long times = visits.stream().mapToLong(Visits::passed).sum();
        long carried = visits.stream().mapToLong(Visits::carried).sum();
        long audited = visits.stream().mapToLong(Visits::wouldDeny).sum();
        long denied = visits.stream().mapToLong(Visits::denied).sum();
        var last =
                visits.stream().map(Visits::last).max(Comparator.naturalOrder()).orElseThrow();
        return times + " times, last " + last
                + (carried > 0 ? "" : "; none could be carried")
                + (audited == 0 ? "" : "; " + audited + " of them only because of an audit")
                + (denied == 0 ? "" : "; denied " + denied + " times beside");
    }

    /** What a policy let pass, and none denied since. */
    private static boolean isAllowed(Target target, Visits visits) {
        return visits.passed() > 0 && !visits.isRefusedSince() && isName(target);
    }

    private static boolean isName(Target target) {
        try {
            return target.port() != 0
                    && !target.host().equals(MinuteSum.OTHER)
                    && new ServerName(target.host()).value().equals(target.host());
        } catch (InvalidNameException e) {
            return false;
        }
    }

    private void sayLeftOut(Seen seen) {
        seen.targets().forEach((target, visits) -> {
            String denied = ", denied " + visits.denied() + " times (" + visits.refusal() + ")";
            if (visits.passed() == 0) {
                comment("Left out: " + what(target) + denied + " and never let pass.");
            } else if (!isName(target)) {
                comment("Left out: " + what(target) + ", " + visits.passed() + " times: no policy can name it.");
            } else if (visits.isRefusedSince()) {
                comment("Left out: " + what(target) + denied + ", last " + visits.lastDenied()
                        + ", after it was let pass " + visits.passed() + " times.");
            }
        });
    }

    private static String what(Target target) {
        return target.host().isEmpty() ? "connections without a name" : target.host() + ":" + target.port();
    }
}
