package dev.exeat.policy.lint;

import dev.exeat.policy.lint.HostUse.Role;
import dev.exeat.policy.lint.hosts.HostCover;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code *.example.org} in one place and {@code example.org} in another: the wildcard doesn't cover the name itself. */
final class ApexNotCovered implements LintCheck {

    /** Hosts of which all are asked together. */
    private enum Layer {
        REGISTRY,
        GATEWAY,
        ROUTE,
        EGRESS_ALLOW,
        EGRESS_DENY,
        AUTHORIZATION_ALLOW,
        AUTHORIZATION_DENY
    }

    @Override
    public String code() {
        return "apex-not-covered";
    }

    @Override
    public void check(LintSubject subject, Consumer<Finding> findings) {
        Map<Layer, HostCover> covers = new EnumMap<>(Layer.class);
        Map<String, HostUse> admitted = new HashMap<>();
        for (HostUse use : subject.uses()) {
            Layer layer = layer(use.role());
            if (layer != null) {
                covers.computeIfAbsent(layer, _ -> new HostCover()).add(use.pattern());
            }
            // Who blocks the apex doesn't want it covered by an allowance for the names below.
            if (!use.pattern().wildcard() && !use.role().denies()) {
                admitted.putIfAbsent(use.pattern().suffix(), use);
            }
        }
        for (HostUse use : subject.uses()) {
            Layer layer = layer(use.role());
            HostUse apex = use.pattern().wildcard() ? admitted.get(use.pattern().suffix()) : null;
            HostCover cover = layer == null ? null : covers.get(layer);
            if (apex != null && cover != null && !cover.covers(apex.pattern())) {
                findings.accept(Finding.at(
                        use,
                        use.pattern() + " does not cover " + apex.pattern() + " itself, which " + apex.object()
                                + " names (" + apex.place() + ")",
                        "list " + apex.pattern() + " too, if it is meant"));
            }
        }
    }

    private static @Nullable Layer layer(Role role) {
        return switch (role) {
            case REGISTRY -> Layer.REGISTRY;
            case GATEWAY -> Layer.GATEWAY;
            case ROUTE -> Layer.ROUTE;
            case EGRESS_ALLOW, HOST_SET -> Layer.EGRESS_ALLOW;
            case EGRESS_DENY -> Layer.EGRESS_DENY;
            case AUTHORIZATION_ALLOW -> Layer.AUTHORIZATION_ALLOW;
            case AUTHORIZATION_DENY -> Layer.AUTHORIZATION_DENY;
            case LIST_ALLOW, LIST_DENY, MENTION -> null;
        };
    }
}
