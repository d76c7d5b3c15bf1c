package dev.exeat.cli.findings;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.Flow;
import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Looks at connections one by one, each once, in any order, for what stands out. Not thread-safe. */
final class Search {
    private static final int MOST_KNOWN = 1_000_000;
    private static final String NEWEST_TLS = "TLSv1.3";
    private static final List<String> MISMATCHES = List.of(Reason.SNI_MISMATCH.code(), Reason.SNI_CHANGED.code());
    private static final List<String> FORBIDDEN =
            List.of(Reason.ADDRESS_FORBIDDEN.code(), Reason.SELF_CONNECTION.code());
    /** RFC 1918, 1122, 3927, 4193, 4291, 6598. */
    private static final List<Cidr> PRIVATE = Stream.of(
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "100.64.0.0/10",
                    "::1/128",
                    "fe80::/10",
                    "fc00::/7")
            .map(Cidr::parse)
            .toList();

    private final Set<Kind> kinds;
    private final Instant since;
    private final Predicate<Pair> known;
    private final Set<Pair> before = new HashSet<>();
    private final FindingSet fresh = new FindingSet();
    private final FindingSet odd = new FindingSet();
    private final UnusualBytes bytes;

    /**
     * @param since what came before only says what is known and usual
     * @param known whether a pair is known already
     * @param factor see {@link UnusualBytes}
     */
    Search(Set<Kind> kinds, Instant since, Predicate<Pair> known, int factor) {
        this.kinds = Set.copyOf(kinds);
        this.since = since;
        this.known = known;
        this.bytes = new UnusualBytes(factor);
    }

    void add(Flow flow) {
        Pair pair = Pair.of(flow);
        boolean asked = !flow.time().isBefore(since);
        if (kinds.contains(Kind.UNUSUAL_BYTES)
                && flow.event() == Event.FINAL
                && flow.verdict() == Verdict.ALLOWED
                && !flow.ending().flag().equals("lost")) {
            bytes.add(pair, flow, asked);
        }
        if (!asked) {
            if (before.size() < MOST_KNOWN) {
                before.add(pair);
            }
            return;
        }
        if (kinds.contains(Kind.FIRST_SEEN) && !flow.what().host().isEmpty() && !known.test(pair)) {
            fresh.add(Kind.FIRST_SEEN, pair, flow, outcome(flow));
        }
        lookAtHello(pair, flow);
        lookAtNames(pair, flow);
        lookAtAddresses(pair, flow);
    }

    private static String outcome(Flow flow) {
        return "first " + flow.outcome() + (flow.reason().isEmpty() ? "" : " (" + flow.reason() + ")");
    }

    private void lookAtHello(Pair pair, Flow flow) {
        List<String> versions = flow.hello().versions();
        if (flow.hello().ech()) {
            odd(Kind.ECH, pair, flow, "the ClientHello carries encrypted_client_hello, real or GREASE");
        }
        if (!versions.isEmpty() && !versions.contains(NEWEST_TLS)) {
            odd(Kind.OLD_TLS, pair, flow, "offers " + String.join(", ", versions));
        }
    }

    private void lookAtNames(Pair pair, Flow flow) {
        if (flow.reason().equals(Reason.SNI_MISSING.code())) {
            odd(Kind.NO_SNI, pair, flow, "the ClientHello names no server");
        }
        if (MISMATCHES.contains(flow.reason())) {
            odd(Kind.NAME_MISMATCH, pair, flow, flow.message());
        }
    }

    private void lookAtAddresses(Pair pair, Flow flow) {
        if (!flow.what().dropped().isEmpty()) {
            odd(
                    Kind.PRIVATE_ADDRESS,
                    pair,
                    flow,
                    "not dialled: " + String.join(", ", flow.what().dropped()));
        } else if (FORBIDDEN.contains(flow.reason())) {
            odd(Kind.PRIVATE_ADDRESS, pair, flow, flow.message());
        } else if (isPrivate(flow.what().dialled())) {
            odd(Kind.PRIVATE_ADDRESS, pair, flow, "dialled " + flow.what().dialled() + ", by an exception");
        }
    }

    /** @param dialled address and port, an IPv6 address in brackets; may be empty */
    private static boolean isPrivate(String dialled) {
        int colon = dialled.lastIndexOf(':');
        if (colon < 0) {
            return false;
        }
        String address = dialled.substring(0, colon).replace("[", "").replace("]", "");
        try {
            IpAddress parsed = IpAddress.parse(address);
            return PRIVATE.stream().anyMatch(block -> block.contains(parsed));
        } catch (InvalidNameException e) {
            return false;
        }
    }

    private void odd(Kind kind, Pair pair, Flow flow, String detail) {
        if (kinds.contains(kind)) {
            odd.add(kind, pair, flow, detail);
        }
    }

    /** All that stands out; to be asked for once, at the end. */
    List<Finding> findings() {
        bytes.tell(unusual -> odd.add(Kind.UNUSUAL_BYTES, unusual.pair(), unusual.flow(), unusual.detail()));
        return Stream.concat(
                        fresh.all().stream().filter(finding -> !before.contains(finding.pair())), odd.all().stream())
                .toList();
    }
}
