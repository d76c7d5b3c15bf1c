package dev.exeat.cli.seen;

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

    /** Writes a policy for each identity that reached something, and says what is left out. */
    void print(Evidence evidence) {
        evidence.identities().forEach(this::print);
        if (evidence.anonymous() > 0) {
            out.println("# Left out: " + evidence.anonymous()
                    + " connections without an identity. Give those clients one, or write a policy by source address.");
        }
    }

    private void print(String identity, Seen seen) {
        SpiffeId id = SpiffeId.parse(identity);
        String account = id.serviceAccount();
        String namespace = id.namespace();
        List<String> leftOut = leftOut(seen);
        SortedMap<Integer, List<Line>> ports = lines(seen);
        if (account == null || namespace == null || !id.trustDomain().equals(trustDomain) || ports.isEmpty()) {
            out.println("# Left out: " + identity
                    + (ports.isEmpty()
                            ? ", which reached nothing."
                            : ", which is no service account of " + trustDomain + "."));
            leftOut.forEach(out::println);
            return;
        }
        if (!first) {
            out.println("---");
        }
        first = false;
        out.println("# " + seen.passed() + " connections since " + seen.first() + ".");
        leftOut.forEach(out::println);
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
                """.formatted(account, namespace, account, seen.first(), account));
        ports.forEach(this::destination);
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
            if (visits.passed() > 0 && isName(target) && !covered.contains(target)) {
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
        long audited = visits.stream().mapToLong(Visits::wouldDeny).sum();
        long denied = visits.stream().mapToLong(Visits::denied).sum();
        var last =
                visits.stream().map(Visits::last).max(Comparator.naturalOrder()).orElseThrow();
        return times + " times, last " + last
                + (audited == 0 ? "" : "; " + audited + " of them only because of an audit")
                + (denied == 0 ? "" : "; denied " + denied + " times beside");
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

    private static List<String> leftOut(Seen seen) {
        List<String> lines = new ArrayList<>();
        seen.targets().forEach((target, visits) -> {
            if (visits.passed() == 0) {
                lines.add("# Left out: " + what(target) + ", denied " + visits.denied() + " times (" + visits.refusal()
                        + ") and never let pass.");
            } else if (!isName(target)) {
                lines.add("# Left out: " + what(target) + ", " + visits.passed() + " times: no policy can name it.");
            }
        });
        return lines;
    }

    private static String what(Target target) {
        return target.host().isEmpty() ? "connections without a name" : target.host() + ":" + target.port();
    }
}
