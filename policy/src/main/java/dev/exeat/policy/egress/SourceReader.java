package dev.exeat.policy.egress;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.egress.EgressPolicy.Source;
import dev.exeat.policy.egress.LabelSelector.Expression;
import dev.exeat.policy.egress.LabelSelector.Operator;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.NameLists;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one source of an EgressPolicy. */
final class SourceReader {
    private static final Map<String, Integer> OPERATORS = Map.of("In", 0, "NotIn", 1, "Exists", 2, "DoesNotExist", 3);

    private final Fields source;
    private final String namespace;
    private final boolean inRoot;

    /** @param inRoot whether the policy may speak of other namespaces than its own */
    SourceReader(Fields source, String namespace, boolean inRoot) {
        this.source = source;
        this.namespace = namespace;
        this.inRoot = inRoot;
    }

    Source read() {
        Set<String> accounts = new HashSet<>();
        for (Field item : source.items("service_accounts")) {
            account(item, accounts);
        }
        Set<String> namespaces = new HashSet<>();
        for (Field item : source.items("namespaces")) {
            String text = source.text(item);
            if (text != null && isReachable(item, text)) {
                namespaces.add(text);
            }
        }
        LabelSelector ofAccounts = selector("service_account_selector");
        LabelSelector ofNamespaces = selector("namespace_selector");
        List<SpiffePattern> ids = new ArrayList<>();
        for (Field item : source.items("spiffe_ids")) {
            id(item, ids);
        }
        List<Cidr> blocks = NameLists.blocks(source, source.items("cidrs"));
        boolean named = !accounts.isEmpty() || !namespaces.isEmpty() || ofAccounts != null || ofNamespaces != null;
        if (!blocks.isEmpty() && (named || !ids.isEmpty())) {
            source.findings()
                    .error(
                            "exclusive-fields",
                            source.place("cidrs"),
                            source.path("cidrs"),
                            "source addresses are for clients without an identity, so nothing matches both",
                            "make two sources of it");
        }
        if (!named && ids.isEmpty() && blocks.isEmpty() && !source.findings().hasErrors()) {
            source.findings()
                    .error(
                            "empty-field",
                            source.place(),
                            source.path("serviceAccounts"),
                            "the source says nothing, so it would select everybody",
                            "say whom; a policy for everybody in its reach has no sources at all");
        }
        source.done();
        return new Source(accounts, namespaces, ofAccounts, ofNamespaces, ids, blocks);
    }

    private void account(Field item, Set<String> accounts) {
        String text = source.text(item);
        if (text == null) {
            return;
        }
        int slash = text.indexOf('/');
        String of = slash < 0 ? namespace : text.substring(0, slash);
        String name = text.substring(slash + 1);
        if (of.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('*') >= 0) {
            invalid(item, "\"" + text + "\" is no service account", "use name, or namespace/name");
        } else if (isReachable(item, of)) {
            accounts.add(slash < 0 ? of + "/" + name : text);
        }
    }

    private boolean isReachable(Field item, String other) {
        if (inRoot || other.equals(namespace)) {
            return true;
        }
        source.findings()
                .error(
                        "out-of-reach",
                        item.place(),
                        item.path(),
                        "a policy in " + namespace + " speaks of clients in " + namespace + " alone, not in " + other,
                        "put the policy into " + other + ", or into the root namespace");
        return false;
    }

    private void id(Field item, List<SpiffePattern> ids) {
        String text = source.text(item);
        try {
            if (text != null) {
                ids.add(SpiffePattern.parse(text));
            }
        } catch (InvalidNameException e) {
            invalid(
                    item,
                    "\"" + text + "\" is no SPIFFE ID: " + e.getMessage(),
                    "use spiffe://cluster.local/ns/*/sa/builder");
        }
    }

    private @Nullable LabelSelector selector(String name) {
        Fields selector = source.mapping(name);
        if (selector == null) {
            return null;
        }
        Map<String, String> labels = new HashMap<>();
        selector.entries("match_labels").forEach((key, field) -> {
            String value = selector.text(field);
            if (value != null) {
                labels.put(key, value);
            }
        });
        List<Expression> expressions = new ArrayList<>();
        for (Field item : selector.items("match_expressions")) {
            Fields expression = selector.mapping(item);
            if (expression != null) {
                expression(expression, expressions);
            }
        }
        if (labels.isEmpty() && expressions.isEmpty() && !selector.findings().hasErrors()) {
            selector.findings()
                    .error(
                            "empty-field",
                            selector.place(),
                            selector.path("matchLabels"),
                            "an empty selector would select everybody",
                            "add matchLabels");
        }
        selector.done();
        return new LabelSelector(labels, expressions);
    }

    private static void expression(Fields expression, List<Expression> expressions) {
        String key = expression.requiredText("key");
        String operator = expression.requiredText("operator") == null
                ? null
                : expression.enumerated("operator", OPERATORS, "Exists");
        Set<String> values = new HashSet<>();
        for (Field item : expression.items("values")) {
            String value = expression.text(item);
            if (value != null) {
                values.add(value);
            }
        }
        expression.done();
        if (key == null || operator == null) {
            return;
        }
        boolean needsValues = operator.equals("In") || operator.equals("NotIn");
        if (needsValues == values.isEmpty()) {
            expression
                    .findings()
                    .error(
                            "invalid-value",
                            expression.place("values"),
                            expression.path("values"),
                            "the operator " + operator + (needsValues ? " needs values" : " takes no values"),
                            "");
        }
        expressions.add(new Expression(key, operatorOf(operator), values));
    }

    private static Operator operatorOf(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default -> Operator.EXISTS;
        };
    }

    private void invalid(Field item, String message, String cure) {
        source.findings().error("invalid-value", item.place(), item.path(), message, cure);
    }
}
