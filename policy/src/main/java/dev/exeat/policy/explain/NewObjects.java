package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.Node;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.CompileOptions;

/**
 * The objects that would change the verdict on one attempt, and on no other identity, host or port; only that a host is
 * known is told to a whole namespace.
 */
final class NewObjects {
    private final Attempt attempt;
    private final CompileOptions options;
    private final boolean trial;

    /** @param trial whether they take part in what is only watched, and are not enforced */
    NewObjects(Attempt attempt, CompileOptions options, boolean trial) {
        this.attempt = attempt;
        this.options = options;
        this.trial = trial;
    }

    Change serviceEntry() {
        String host = attempt.target().host().value();
        int port = attempt.target().port();
        Nodes.Builder spec = Nodes.map().put("hosts", Nodes.list(Nodes.text(host)));
        SpiffeId source = attempt.source();
        String namespace = source != null && isAccount() ? source.namespace() : null;
        if (namespace != null) {
            spec.put("exportTo", Nodes.list(Nodes.text(".")));
        }
        spec.put(
                "ports",
                Nodes.list(Nodes.map()
                        .put("number", Nodes.number(port))
                        .put("name", Nodes.text("tls-" + port))
                        .put("protocol", Nodes.text("TLS"))
                        .build()));
        Resource entry = Nodes.object(
                "networking.istio.io/v1",
                "ServiceEntry",
                name("known"),
                namespace == null ? "default" : namespace,
                spec.build());
        return add(
                entry,
                "make " + attempt.target() + " known" + (namespace == null ? "" : " to the namespace " + namespace));
    }

    Change allowance() {
        return egress("Allow", "allow", "allow it for this client");
    }

    Change denial() {
        return egress("Deny", "deny", "deny it to this client");
    }

    private Change egress(String action, String prefix, String summary) {
        Nodes.Builder spec = Nodes.map().put("action", Nodes.text(action));
        if (trial) {
            spec.put("mode", Nodes.text("Audit"));
        }
        spec.put("sources", Nodes.list(source()))
                .put(
                        "destinations",
                        Nodes.list(Nodes.map()
                                .put(
                                        "hosts",
                                        Nodes.list(Nodes.text(
                                                attempt.target().host().value())))
                                .put(
                                        "ports",
                                        Nodes.list(Nodes.number(attempt.target().port())))
                                .build()));
        return add(
                Nodes.object("exeat.dev/v1alpha1", "EgressPolicy", name(prefix), namespace(), spec.build()), summary);
    }

    Change authorization() {
        SpiffeId source = attempt.source();
        Nodes.Builder rule = Nodes.map();
        Nodes.Builder client = source == null
                ? Nodes.map()
                        .put("notPrincipals", Nodes.list(Nodes.text("*")))
                        .put("ipBlocks", Nodes.list(Nodes.text(block())))
                : Nodes.map().put("principals", Nodes.list(Nodes.text(source.principal())));
        rule.put("from", Nodes.list(Nodes.map().put("source", client.build()).build()));
        rule.put(
                        "to",
                        Nodes.list(Nodes.map()
                                .put(
                                        "operation",
                                        Nodes.map()
                                                .put(
                                                        "ports",
                                                        Nodes.list(Nodes.quoted(
                                                                attempt.target().port())))
                                                .build())
                                .build()))
                .put(
                        "when",
                        Nodes.list(Nodes.map()
                                .put("key", Nodes.text("connection.sni"))
                                .put(
                                        "values",
                                        Nodes.list(Nodes.text(
                                                attempt.target().host().value())))
                                .build()));
        Node.Mapping spec = Nodes.map()
                .put("action", Nodes.text("ALLOW"))
                .put("rules", Nodes.list(rule.build()))
                .build();
        Resource policy = Nodes.object(
                "security.istio.io/v1",
                "AuthorizationPolicy",
                name("allow"),
                options.gateway().namespace(),
                spec);
        return add(trial ? Nodes.annotated(policy, "istio.io/dry-run", "true") : policy, "allow it for this client");
    }

    /** A policy of the client's own namespace where it may speak of it, else of the root's. */
    private String namespace() {
        SpiffeId source = attempt.source();
        String namespace = source == null ? null : source.namespace();
        return namespace == null || !isAccount() ? options.rootNamespace() : namespace;
    }

    private boolean isAccount() {
        SpiffeId source = attempt.source();
        return source != null
                && source.trustDomain().equals(options.gateway().trustDomain())
                && source.path().equals("ns/" + source.namespace() + "/sa/" + source.serviceAccount());
    }

    private Node.Mapping source() {
        SpiffeId source = attempt.source();
        if (source == null) {
            return Nodes.map().put("cidrs", Nodes.list(Nodes.text(block()))).build();
        }
        String account = source.serviceAccount();
        return account != null && isAccount()
                ? Nodes.map()
                        .put("serviceAccounts", Nodes.list(Nodes.text(account)))
                        .build()
                : Nodes.map()
                        .put("spiffeIds", Nodes.list(Nodes.text(source.toString())))
                        .build();
    }

    private String block() {
        return attempt.sourceAddress() + (attempt.sourceAddress().isV4() ? "/32" : "/128");
    }

    /** Dots and underscores of a host are no part of every name that Kubernetes takes. */
    private String name(String prefix) {
        SpiffeId source = attempt.source();
        String account = source == null || source.serviceAccount() == null ? "" : source.serviceAccount() + "-";
        String name = prefix + "-" + account + attempt.target().host().value();
        String clean = name.replaceAll("[^a-z0-9-]", "-");
        return clean.length() <= 63 ? clean : clean.substring(0, 63).replaceAll("-+$", "");
    }

    private static Change.Add add(Resource added, String summary) {
        return new Change.Add(added.key(), summary, added, NodeText.yaml(added.body()));
    }
}
