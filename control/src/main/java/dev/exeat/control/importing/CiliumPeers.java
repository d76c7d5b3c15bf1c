package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one rule of egress: to whom, on which ports. */
final class CiliumPeers {
    private static final Set<String> KNOWN = Set.of("toFQDNs", "toPorts", "toEntities");
    private static final Set<String> BY_ADDRESS = Set.of("toCIDR", "toCIDRSet");
    private static final Set<String> IN_CLUSTER = Set.of("toEndpoints", "toServices", "toNodes");
    private static final Set<String> LOCAL_ENTITIES =
            Set.of("host", "remote-node", "cluster", "init", "health", "unmanaged", "kube-apiserver", "ingress");
    private final Draft draft;
    private final ForeignNames names;

    CiliumPeers(Draft draft) {
        this.draft = draft;
        this.names = new ForeignNames(draft, ForeignNames.Wildcard.ONE_LABEL);
    }

    /** What the rule allows that can be said here; what cannot is left out. */
    List<Destination> allowed(Piece rule) {
        List<Piece> others = rule.others(KNOWN);
        for (Piece other : others) {
            draft.loss(other.place(), other.path(), whyNot(other) + ", so the rule is left out");
        }
        List<HostPattern> hosts = others.isEmpty() ? hosts(rule) : List.of();
        if (hosts.isEmpty()) {
            return List.of();
        }
        return new CiliumPorts(draft, names).allowed(rule, hosts);
    }

    private static String whyNot(Piece other) {
        String field = other.path().substring(other.path().lastIndexOf('.') + 1);
        if (BY_ADDRESS.contains(field)) {
            return "verdicts are by name here, before there is an address";
        }
        return IN_CLUSTER.contains(field)
                ? "what is within the cluster does not go through the gateway"
                : "the field is not known";
    }

    private List<HostPattern> hosts(Piece rule) {
        List<HostPattern> hosts = new ArrayList<>();
        boolean named = false;
        for (Piece item : rule.items("toFQDNs")) {
            named = true;
            for (String field : List.of("matchName", "matchPattern")) {
                HostPattern host = item.get(field) == null ? null : host(item, field);
                if (host != null) {
                    hosts.add(host);
                }
            }
        }
        for (Piece item : rule.items("toEntities")) {
            named = true;
            if (item.text().equals("all")) {
                hosts.add(ForeignNames.EVERY_HOST);
            } else {
                draft.loss(
                        item.place(),
                        item.path(),
                        "\"" + item.text() + "\" is a set of addresses; left out, since verdicts are by name here");
            }
        }
        boolean empty = rule.get("toPorts") == null || rule.has("toFQDNs") || rule.has("toEntities");
        return named || empty ? hosts : List.of(ForeignNames.EVERY_HOST);
    }

    private @Nullable HostPattern host(Piece item, String field) {
        String text = item.text(field).toLowerCase(Locale.ROOT).strip();
        if (field.equals("matchPattern") && text.equals("*")) {
            return ForeignNames.EVERY_HOST;
        }
        return names.host(item.place(), item.path() + "." + field, text);
    }

    /** What the rule denies, or more where that cannot be said here. */
    List<Destination> denied(Piece rule) {
        boolean elsewhere = false;
        boolean wider = rule.has("toFQDNs");
        boolean peers = rule.has("toEntities") || wider;
        if (rule.has("toFQDNs")) {
            draft.loss(rule.place(), rule.path() + ".toFQDNs", "Cilium knows no denial of names; every host is denied");
        }
        for (Piece item : rule.items("toEntities")) {
            elsewhere |= LOCAL_ENTITIES.contains(item.text());
            wider |= !LOCAL_ENTITIES.contains(item.text());
        }
        for (Piece other : rule.others(KNOWN)) {
            String field = other.path().substring(other.path().lastIndexOf('.') + 1);
            peers = true;
            boolean harmless = IN_CLUSTER.contains(field) || (BY_ADDRESS.contains(field) && isGuarded(other));
            elsewhere |= harmless;
            wider |= !harmless;
            if (!harmless) {
                draft.loss(
                        other.place(),
                        other.path(),
                        whyNot(other) + ", so every host is denied on its ports; say by name what is meant");
            }
        }
        if (elsewhere) {
            draft.loss(rule.place(), rule.path(), "what is in the cluster or private is refused by the address guard");
        }
        if (peers && !wider) {
            return List.of();
        }
        boolean nothing = !peers && rule.get("toPorts") == null;
        return nothing ? List.of() : new CiliumPorts(draft, names).denied(rule);
    }

    /** Whether all the blocks are ones that the address guard refuses. */
    private static boolean isGuarded(Piece list) {
        return list.items().stream()
                .allMatch(item -> GuardedBlocks.hold(item.isMapping() ? item.text("cidr") : item.text()));
    }
}
