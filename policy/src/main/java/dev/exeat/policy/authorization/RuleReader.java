package dev.exeat.policy.authorization;

import dev.exeat.policy.authorization.AuthorizationPolicy.Action;
import dev.exeat.policy.authorization.AuthorizationPolicy.Rule;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.NameLists;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one rule. Used once. */
final class RuleReader {
    private final Fields rule;
    private final Action action;
    private final String trustDomain;
    private final ValueReader values;
    private boolean neverMatches;

    RuleReader(Fields rule, Action action, String namespace, String trustDomain) {
        this.rule = rule;
        this.action = action;
        this.trustDomain = trustDomain;
        this.values = new ValueReader(namespace);
    }

    /** Null where it can never match. */
    @Nullable
    Rule read(int index) {
        List<List<AttemptTest>> from = alternatives("from", "source", this::source);
        List<List<AttemptTest>> to = alternatives("to", "operation", this::operation);
        List<AttemptTest> when = conditions();
        rule.done();
        if (from.stream().noneMatch(RuleReader::saysWhose)) {
            onlyOwn(when);
        }
        return neverMatches ? null : new Rule(index, from, to, when);
    }

    private interface TestsReader {
        List<AttemptTest> read(Fields fields);
    }

    /** An empty list, and an element without fields, are as if not given: they restrict nothing. */
    private List<List<AttemptTest>> alternatives(String list, String element, TestsReader reader) {
        List<List<AttemptTest>> alternatives = new ArrayList<>();
        boolean unrestricted = false;
        for (Field item : rule.items(list)) {
            Fields wrapper = rule.mapping(item);
            Fields fields = wrapper == null ? null : wrapper.mapping(element);
            List<AttemptTest> tests = fields == null ? List.of() : reader.read(fields);
            if (wrapper != null) {
                wrapper.done();
            }
            unrestricted |= tests.isEmpty();
            alternatives.add(tests);
        }
        return unrestricted ? List.of() : alternatives;
    }

    private List<AttemptTest> source(Fields source) {
        List<AttemptTest> tests = new ArrayList<>();
        texts(source, "principals", TextSource.PRINCIPAL, tests);
        texts(source, "namespaces", TextSource.NAMESPACE, tests);
        texts(source, "service_accounts", TextSource.SERVICE_ACCOUNT, tests);
        texts(source, "trust_domains", TextSource.TRUST_DOMAIN, tests);
        blocks(source, "ip_blocks", tests);
        blocks(source, "remote_ip_blocks", tests);
        httpOnly(source, "request_principals", "not_request_principals");
        source.done();
        onlyOwn(tests);
        return tests;
    }

    /**
     * An allowance that names clients by namespace or service account, and does not say of which trust domain, is for
     * those of the own one: a federated domain may have namesakes. A denial is for all of them.
     */
    private void onlyOwn(List<AttemptTest> tests) {
        if (action == Action.ALLOW
                && compares(tests, Set.of(TextSource.NAMESPACE, TextSource.SERVICE_ACCOUNT))
                && !saysWhose(tests)) {
            tests.add(new AttemptTest.OfText(
                    "the trust domain, as the rule names none",
                    TextSource.TRUST_DOMAIN,
                    List.of(TextMatch.parse(trustDomain)),
                    List.of()));
        }
    }

    private static boolean saysWhose(List<AttemptTest> tests) {
        return compares(tests, Set.of(TextSource.PRINCIPAL, TextSource.TRUST_DOMAIN));
    }

    /** Whether one of the sources has to have a certain value; "*" is any. */
    private static boolean compares(List<AttemptTest> tests, Set<TextSource> sources) {
        return tests.stream()
                .anyMatch(test -> test instanceof AttemptTest.OfText text
                        && sources.contains(text.source())
                        && !text.any().isEmpty()
                        && text.any().stream().noneMatch(TextMatch.Present.class::isInstance));
    }

    private List<AttemptTest> operation(Fields operation) {
        List<AttemptTest> tests = new ArrayList<>();
        List<Field> ports = operation.items("ports");
        List<Field> notPorts = operation.items(not("ports"));
        if (!ports.isEmpty() || !notPorts.isEmpty()) {
            tests.add(new AttemptTest.OfPort(
                    "operation.ports", values.ports(operation, ports), values.ports(operation, notPorts)));
        }
        for (String name : List.of("hosts", "methods", "paths")) {
            httpOnly(operation, name, not(name));
        }
        operation.done();
        return tests;
    }

    private void texts(Fields fields, String name, TextSource source, List<AttemptTest> tests) {
        List<Field> any = fields.items(name);
        List<Field> none = fields.items(not(name));
        if (!any.isEmpty() || !none.isEmpty()) {
            tests.add(new AttemptTest.OfText(
                    fields.path(name), source, values.texts(fields, any, source), values.texts(fields, none, source)));
        }
    }

    private void blocks(Fields fields, String name, List<AttemptTest> tests) {
        List<Field> any = fields.items(name);
        List<Field> none = fields.items(not(name));
        if (!any.isEmpty() || !none.isEmpty()) {
            tests.add(new AttemptTest.OfSource(
                    fields.path(name), NameLists.blocks(fields, any), NameLists.blocks(fields, none)));
        }
    }

    private static String not(String name) {
        return "not_" + name;
    }

    private List<AttemptTest> conditions() {
        List<AttemptTest> tests = new ArrayList<>();
        for (Field item : rule.items("when")) {
            Fields condition = rule.mapping(item);
            if (condition == null) {
                continue;
            }
            String key = condition.requiredText("key");
            List<Field> any = condition.items("values");
            List<Field> none = condition.items("not_values");
            condition.done();
            if (key == null) {
                continue;
            }
            if (any.isEmpty() && none.isEmpty()) {
                condition
                        .findings()
                        .error(
                                "missing-field",
                                condition.place(),
                                condition.path("values"),
                                "a condition needs values or notValues",
                                "add values: [...]");
                continue;
            }
            AttemptTest test = condition(condition, key, any, none);
            if (test != null) {
                tests.add(test);
            }
        }
        return tests;
    }

    private @Nullable AttemptTest condition(Fields condition, String key, List<Field> any, List<Field> none) {
        return switch (key) {
            case "source.principal" -> text(condition, key, TextSource.PRINCIPAL, any, none);
            case "source.namespace" -> text(condition, key, TextSource.NAMESPACE, any, none);
            case "source.serviceAccount" -> text(condition, key, TextSource.SERVICE_ACCOUNT, any, none);
            case "source.trustDomain" -> text(condition, key, TextSource.TRUST_DOMAIN, any, none);
            case "connection.sni" -> text(condition, key, TextSource.SERVER_NAME, any, none);
            case "source.ip", "remote.ip" ->
                new AttemptTest.OfSource(key, NameLists.blocks(condition, any), NameLists.blocks(condition, none));
            case "destination.port" ->
                new AttemptTest.OfPort(key, values.ports(condition, any), values.ports(condition, none));
            case "destination.ip" -> {
                NameLists.blocks(condition, any);
                NameLists.blocks(condition, none);
                drop(
                        condition,
                        "key",
                        "the address is not known before the verdict, since names are resolved after it");
                yield null;
            }
            default -> {
                unknownCondition(condition, key);
                yield null;
            }
        };
    }

    private AttemptTest text(Fields condition, String key, TextSource source, List<Field> any, List<Field> none) {
        return new AttemptTest.OfText(
                key, source, values.texts(condition, any, source), values.texts(condition, none, source));
    }

    private void unknownCondition(Fields condition, String key) {
        if (key.startsWith("request.") || key.startsWith("experimental.envoy.filters.")) {
            drop(condition, "key", key + " belongs to what Exeat does not open");
            return;
        }
        condition
                .findings()
                .error(
                        "unknown-value",
                        condition.place("key"),
                        condition.path("key"),
                        "unknown key \"" + key + "\"",
                        "known are connection.sni, source.principal, source.namespace, source.serviceAccount,"
                                + " source.trustDomain, source.ip, remote.ip and destination.port");
    }

    private void httpOnly(Fields fields, String... names) {
        for (String name : names) {
            if (!fields.items(name).isEmpty()) {
                drop(fields, name, "it belongs to HTTP, which Exeat does not open");
            }
        }
    }

    private void drop(Fields fields, String name, String why) {
        neverMatches |= action == Action.ALLOW;
        fields.findings()
                .warning(
                        "no-effect",
                        fields.place(name),
                        fields.path(name),
                        why
                                + (action == Action.ALLOW
                                        ? ", so this rule allows nothing"
                                        : ", so this rule matches whatever else it says"),
                        "for the host that a client asks for use the condition connection.sni");
    }
}
