package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.policy.lint.HostUse.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A host that stands in the clear for names that are encrypted: who may reach it may reach every site of its provider
 * that offers Encrypted Client Hello (RFC 9849, {@code public_name}).
 */
final class EchPublicName implements LintCheck {
    /** Of providers with sites of others. */
    private static final List<String> NAMES =
            List.of("cloudflare-ech.com", "cloudflare-esni.com", "public.tls-ech.dev", "cover.defo.ie");

    @Override
    public String code() {
        return "ech-public-name";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Set<HostUse> safe = withoutEch(subject);
        for (HostUse use : subject.uses()) {
            boolean admits = subject.admits(use) || use.role() == Role.LIST_ALLOW;
            if (!admits || safe.contains(use)) {
                continue;
            }
            for (String name : NAMES) {
                if (covers(use.pattern(), name)) {
                    findings.accept(Finding.at(
                            use,
                            use.pattern() + " covers " + name
                                    + ", the public name of Encrypted Client Hello: every site behind it can be reached"
                                    + " by it, whatever its real name",
                            "remove it, or allow it by an EgressPolicy with conditions: {ech: false}"));
                    break;
                }
            }
        }
    }

    /** Every name ({@code *}) is a decision about more than this one. */
    private static boolean covers(HostPattern pattern, String name) {
        if (!pattern.wildcard()) {
            return name.equals(pattern.suffix());
        }
        return !pattern.suffix().isEmpty() && ("." + name).endsWith("." + pattern.suffix());
    }

    private static Set<HostUse> withoutEch(LintSubject subject) {
        Set<Object> keys = new HashSet<>();
        subject.egress().stream()
                .filter(egress ->
                        Boolean.FALSE.equals(egress.policy().conditions().ech()))
                .forEach(egress -> keys.add(egress.policy().key()));
        Set<HostUse> safe = new HashSet<>();
        subject.uses().stream().filter(use -> keys.contains(use.object())).forEach(safe::add);
        return safe;
    }
}
