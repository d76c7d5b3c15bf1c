package dev.exeat.policy.lint;

import dev.exeat.policy.lint.Entry.Kind;
import dev.exeat.policy.lint.Entry.Part;
import dev.exeat.policy.lint.cover.Claim;
import dev.exeat.policy.lint.cover.Claims;
import dev.exeat.policy.lint.cover.Term;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An entry that another one of its kind always covers, so that it makes no difference; or an allowance that a denial does. */
final class ShadowedEntry implements LintCheck {
    private static final Map<Kind, Kind> DENIED_BY =
            Map.of(Kind.EGRESS_ALLOW, Kind.EGRESS_DENY, Kind.AUTHORIZATION_ALLOW, Kind.AUTHORIZATION_DENY);

    private final boolean denied;

    private ShadowedEntry(boolean denied) {
        this.denied = denied;
    }

    static LintCheck byWider() {
        return new ShadowedEntry(false);
    }

    static LintCheck byDenial() {
        return new ShadowedEntry(true);
    }

    @Override
    public String code() {
        return denied ? "denied-allowance" : "shadowed-entry";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        List<Entry> entries = new ArrayList<>(new EgressEntries(subject).read());
        entries.addAll(AuthorizationEntries.read(subject));
        entries.addAll(RegistryEntries.read(subject));
        Map<Kind, List<Claim>> wholes = new EnumMap<>(Kind.class);
        entries.forEach(entry ->
                wholes.computeIfAbsent(entry.kind(), _ -> new ArrayList<>()).add(entry.claim()));
        Map<Kind, Claims> claims = new EnumMap<>(Kind.class);
        wholes.forEach((kind, list) -> claims.put(kind, new Claims(list)));
        for (Entry entry : entries) {
            for (Part part : entry.parts()) {
                Finding finding = denied ? denied(entry, part, claims) : shadowed(entry, part, claims);
                if (finding != null) {
                    findings.accept(finding);
                }
            }
        }
    }

    private static @Nullable Finding denied(Entry entry, Part part, Map<Kind, Claims> claims) {
        Kind denying = DENIED_BY.get(entry.kind());
        Claims denials = denying == null ? null : claims.get(denying);
        Claim denial = denials == null ? null : denials.covering(part.claim());
        return denial == null
                ? null
                : Finding.at(
                        entry.claim().object(),
                        part.place(),
                        part.what() + " allows nothing: " + told(denial) + " denies all of it",
                        "remove it, or narrow the denial");
    }

    private static @Nullable Finding shadowed(Entry entry, Part part, Map<Kind, Claims> claims) {
        Claims others = claims.get(entry.kind());
        Claim wider = others == null ? null : others.widerThan(part.claim(), entry.claim());
        if (wider == null || (entry.kind() == Kind.REGISTRY && isExactBelowWildcard(part.claim(), wider))) {
            return null;
        }
        return Finding.at(
                entry.claim().object(),
                part.place(),
                part.what() + " " + entry.kind().vain() + ": " + told(wider) + " covers it",
                "remove one of them");
    }

    /** In Istio an exact host beside a wildcard gets endpoints of its own, so that both are usual. */
    private static boolean isExactBelowWildcard(Claim part, Claim wider) {
        Set<Term> hosts = part.axes().getOrDefault(Claim.Axis.HOST, Set.of());
        return hosts.stream()
                        .anyMatch(term -> term instanceof Term.Host host
                                && !host.pattern().wildcard())
                && !wider.axes().getOrDefault(Claim.Axis.HOST, Set.of()).containsAll(hosts);
    }

    private static String told(Claim claim) {
        return claim.object() + "[" + claim.entry() + "]";
    }
}
