package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads whom a policy of Cilium selects: pods by labels, of which identities show namespace and service account alone. */
final class CiliumSelector {
    private static final String ACCOUNT = "io.cilium.k8s.policy.serviceaccount";
    private static final String NAMESPACE = "io.kubernetes.pod.namespace";
    private static final String NAMESPACE_NAME = "io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name";

    private static final int MAX_ACCOUNTS = 10_000;

    private final ImportOptions options;
    private final String namespace;
    private final boolean cluster;
    private @Nullable List<String> accounts;
    private @Nullable List<String> namespaces;
    private String unclear = "";

    /** Whom a policy selects. */
    sealed interface Selection {
        /** @param sources none for everybody in reach */
        record Chosen(List<Source> sources) implements Selection {}

        record Unclear(String why) implements Selection {}
    }

    /** @param cluster whether the policy is for every namespace */
    CiliumSelector(ImportOptions options, String namespace, boolean cluster) {
        this.options = options;
        this.namespace = namespace;
        this.cluster = cluster;
    }

    Selection read(Piece spec) {
        Piece selector = spec.get("endpointSelector");
        if (selector == null) {
            return new Selection.Unclear("there is none");
        }
        if (!selector.others(Set.of("matchLabels", "matchExpressions")).isEmpty()) {
            return new Selection.Unclear("it has fields that are not known");
        }
        for (Map.Entry<String, Piece> label : selector.entries("matchLabels").entrySet()) {
            among(label.getKey(), List.of(label.getValue().text()));
        }
        for (Piece expression : selector.items("matchExpressions")) {
            if (expression.text("operator").equals("In")) {
                among(
                        expression.text("key"),
                        expression.items("values").stream().map(Piece::text).toList());
            } else {
                unclear = "it asks for labels by the operator " + expression.text("operator");
            }
        }
        return unclear.isEmpty() ? chosen() : new Selection.Unclear(unclear);
    }

    private void among(String label, List<String> values) {
        int colon = label.indexOf(':');
        String key = colon < 0 ? label : label.substring(colon + 1);
        boolean named =
                key.equals(ACCOUNT) || (!options.accountLabel().isEmpty() && key.equals(options.accountLabel()));
        if (named && values.stream().allMatch(ForeignNames::isAccount)) {
            accounts = both(accounts, values);
        } else if ((key.equals(NAMESPACE) || key.equals(NAMESPACE_NAME))
                && values.stream().allMatch(ForeignNames::isNamespace)) {
            namespaces = both(namespaces, values);
        } else {
            unclear = "pods are selected by the label " + key
                    + ", which no identity shows (if its value is the name of the"
                    + " service account, say --account-label " + key + ")";
        }
    }

    private static List<String> both(@Nullable List<String> known, List<String> values) {
        Set<String> among = new HashSet<>(values);
        return known == null ? values : known.stream().filter(among::contains).toList();
    }

    private Selection chosen() {
        if ((accounts != null && accounts.isEmpty()) || (namespaces != null && namespaces.isEmpty())) {
            return new Selection.Unclear("no pod has all these labels");
        }
        if (accounts != null && namespaces != null && (long) accounts.size() * namespaces.size() > MAX_ACCOUNTS) {
            return new Selection.Unclear("it selects more than " + MAX_ACCOUNTS + " service accounts");
        }
        if (!cluster) {
            if (namespaces != null && !namespaces.equals(List.of(namespace))) {
                return new Selection.Unclear(
                        "it selects pods of other namespaces than its own, which Cilium does not do");
            }
            return new Selection.Chosen(accounts == null ? List.of() : List.of(accounts(List.of(namespace), accounts)));
        }
        if (accounts == null) {
            return new Selection.Chosen(
                    namespaces == null ? List.of() : List.of(new Source(List.of(), namespaces, List.of())));
        }
        return namespaces == null
                ? new Selection.Unclear("service accounts are selected without their namespace")
                : new Selection.Chosen(List.of(accounts(namespaces, accounts)));
    }

    private static Source accounts(List<String> namespaces, List<String> names) {
        List<String> accounts = new ArrayList<>();
        namespaces.forEach(namespace -> names.forEach(name -> accounts.add(namespace + "/" + name)));
        return new Source(accounts, List.of(), List.of());
    }
}
