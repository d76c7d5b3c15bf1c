package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.Node;
import dev.exeat.model.SpiffeId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Excepts one client's way to one host from a rule of an AuthorizationPolicy. The fields of a rule must all match, so two
 * rules take its place: one for all other hosts, one for all other clients.
 */
final class RuleException {
    private final String clients;
    private final String client;
    private final String host;

    /** Who has no identity is told by the address. */
    RuleException(Attempt attempt) {
        SpiffeId source = attempt.source();
        this.clients = source == null ? "notIpBlocks" : "notPrincipals";
        this.client = source == null
                ? attempt.sourceAddress() + (attempt.sourceAddress().isV4() ? "/32" : "/128")
                : source.principal();
        this.host = attempt.target().host().value();
    }

    /** What is excepted, for people. */
    String told() {
        return client + " to " + host;
    }

    /** The rules with another in the place of one, and one more at the end. */
    Node.Sequence in(Node.Sequence rules, int index) {
        List<Node> changed = new ArrayList<>(rules.items());
        if (changed.get(index) instanceof Node.Mapping rule) {
            changed.set(index, otherHosts(rule));
            changed.add(otherClients(rule));
        }
        return new Node.Sequence(changed, rules.place());
    }

    private Node otherHosts(Node.Mapping rule) {
        List<Node> when = new ArrayList<>(items(rule.get("when")));
        when.add(Nodes.map()
                .put("key", Nodes.text("connection.sni"))
                .put("notValues", Nodes.list(Nodes.text(host)))
                .build());
        return Nodes.mapOf(rule)
                .put("when", Nodes.list(when.toArray(Node[]::new)))
                .build();
    }

    private Node otherClients(Node.Mapping rule) {
        List<Node> from = new ArrayList<>();
        for (Node item : items(rule.get("from"))) {
            if (item instanceof Node.Mapping entry && entry.get("source") instanceof Node.Mapping source) {
                from.add(Nodes.mapOf(entry).put("source", without(source)).build());
            }
        }
        if (from.isEmpty()) {
            from.add(Nodes.map().put("source", without(Nodes.map().build())).build());
        }
        return Nodes.mapOf(rule)
                .put("from", Nodes.list(from.toArray(Node[]::new)))
                .build();
    }

    private Node without(Node.Mapping source) {
        List<Node> excluded = new ArrayList<>(items(source.get(clients)));
        excluded.add(Nodes.text(client));
        return Nodes.mapOf(source)
                .put(clients, Nodes.list(excluded.toArray(Node[]::new)))
                .build();
    }

    private static List<Node> items(@Nullable Node node) {
        return node instanceof Node.Sequence sequence ? sequence.items() : List.of();
    }
}
