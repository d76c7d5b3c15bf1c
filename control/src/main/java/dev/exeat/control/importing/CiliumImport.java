package dev.exeat.control.importing;

import dev.exeat.control.importing.CiliumSelector.Selection;
import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.ImportedPolicy.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy objects: what they say of names. Whom a policy selects for egress
 * may reach only what some policy allows; a denial is final.
 */
final class CiliumImport {
    private static final Set<String> SPEC_FIELDS = Set.of(
            "endpointSelector",
            "nodeSelector",
            "egress",
            "egressDeny",
            "ingress",
            "ingressDeny",
            "enableDefaultDeny",
            "description",
            "labels",
            "log");

    private final Draft draft;
    private final ImportOptions options;

    /** @param namespace of the policies that come of it, which is their reach */
    private record Scope(String name, String namespace, boolean cluster) {}

    CiliumImport(Draft draft) {
        this.draft = draft;
        this.options = draft.options();
    }

    void read(List<Piece> objects) {
        int found = 0;
        for (Piece object : objects) {
            String kind = object.text("kind");
            boolean cluster = kind.equals("CiliumClusterwideNetworkPolicy");
            if (!cluster && !kind.equals("CiliumNetworkPolicy")) {
                draft.loss(object.place(), kind.isEmpty() ? "the document" : kind, "this is no policy of Cilium");
                continue;
            }
            found++;
            object(object, cluster);
        }
        if (found == 0) {
            throw new ImportException(
                    objects.getFirst().place(), "the file has no CiliumNetworkPolicy and no clusterwide one", "");
        }
    }

    private void object(Piece object, boolean cluster) {
        Piece metadata = object.get("metadata");
        String name = metadata == null ? "" : metadata.text("name");
        String own = metadata == null ? "" : metadata.text("namespace");
        String namespace = own.isEmpty() ? options.namespace() : ForeignNames.namespace(object.place(), own);
        Scope scope = new Scope(name, cluster ? options.rootNamespace() : namespace, cluster);
        Piece spec = object.get("spec");
        if (spec != null) {
            rule(spec, scope);
        }
        for (Piece item : object.items("specs")) {
            rule(item, scope);
        }
    }

    private void rule(Piece spec, Scope scope) {
        if (spec.get("nodeSelector") != null) {
            draft.loss(spec.place(), spec.path() + ".nodeSelector", "nodes are no clients of the gateway");
            return;
        }
        spec.others(SPEC_FIELDS)
                .forEach(other -> draft.loss(other.place(), other.path(), "the field is not known, and not heeded"));
        if (!spec.has("egress") && !spec.has("egressDeny")) {
            draft.loss(spec.place(), spec.path(), "it is about ingress alone");
            return;
        }
        CiliumPeers peers = new CiliumPeers(draft);
        List<Destination> allowed = new ArrayList<>();
        spec.items("egress").forEach(item -> allowed.addAll(peers.allowed(item)));
        List<Destination> denied = new ArrayList<>();
        spec.items("egressDeny").forEach(item -> denied.addAll(peers.denied(item)));
        switch (new CiliumSelector(options, scope.namespace(), scope.cluster()).read(spec)) {
            case Selection.Chosen(List<Source> sources) -> {
                add(spec, scope, sources, allowed);
                deny(spec, scope, sources, denied);
            }
            case Selection.Unclear(String why) -> {
                draft.loss(
                        spec.place(),
                        spec.path() + ".endpointSelector",
                        why + "; so nothing is allowed by it, everybody in reach needs another allowance, and its"
                                + " denials are for everybody");
                draft.close(scope.namespace(), spec.place());
                deny(spec, scope, List.of(), denied);
            }
        }
    }

    private void add(Piece spec, Scope scope, List<Source> sources, List<Destination> allowed) {
        Piece defaults = spec.get("enableDefaultDeny");
        boolean open = defaults != null && defaults.text("egress").equals("false");
        if (open && allowed.isEmpty()) {
            return;
        }
        if (open) {
            draft.loss(
                    spec.place(),
                    spec.path() + ".enableDefaultDeny",
                    "whom an allowance selects needs one here, so these clients can reach nothing else");
        }
        draft.add(ImportedPolicy.allow(scope.name(), scope.namespace(), spec.place())
                .selecting(sources)
                .to(allowed));
    }

    private void deny(Piece spec, Scope scope, List<Source> sources, List<Destination> denied) {
        if (!denied.isEmpty()) {
            draft.add(ImportedPolicy.deny(scope.name() + "-deny", scope.namespace(), spec.place())
                    .selecting(sources)
                    .to(denied));
        }
    }
}
