package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Attempt;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.Case;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** What holds for every policy: order means nothing, a further denial never allows more, an index changes nothing. */
final class SnapshotPropertiesTest {
    private static final String[] HOSTS = {"a.test", "b.test", "c.x.test", "x.test"};
    private static final @Nullable String[] ACCOUNTS = {"a", "b", "foo/a", "spiffe://other.test/ns/foo/sa/a", null};
    private static final String[] MATCHES = {
        "",
        "connection.requested_server_name == \"a.test\"",
        "source.principal == \"cluster.local/ns/default/sa/a\"",
        "(source.principal | \"\") == \"cluster.local/ns/foo/sa/a\"",
        "(source.principal | \"\") == \"\"",
        "source.namespace == \"default\" && connection.requested_server_name == \"b.test\"",
        "match(connection.requested_server_name, \"*.x.test\")",
        "request.method == \"GET\" && source.principal == \"cluster.local/ns/default/sa/b\"",
        "connection.requested_server_name == \"x.test\" && request.method == \"GET\"",
        "source.principal == \"cluster.local/ns/default/sa/a\" || connection.requested_server_name == \"x.test\"",
        "connection.requested_server_name == \"a.test\" || connection.requested_server_name.endsWith(\".test\")",
        "source.namespace == \"foo\" && connection.requested_server_name.endsWith(\".x.test\")",
        "connection.requested_server_name.endsWith(\"x.test\")",
        "(source.principal | \"\") == \"cluster.local/ns/foo/sa/a\" && connection.requested_server_name == \"a.test\"",
        "(source.namespace == \"foo\" && request.method == \"GET\") || source.namespace == \"default\"",
        "connection.requested_server_name == \"a.test\" && source.principal == \"cluster.local/ns/default/sa/b\"",
        "(source.principal | \"cluster.local/ns/default/sa/a\") == \"cluster.local/ns/default/sa/a\"",
    };
    private static final String[] RULES = {
        "{}",
        "from:\n- source:\n    principals: [cluster.local/ns/default/sa/a]",
        "from:\n- source:\n    namespaces: [foo]\n- source:\n    principals: ['*/sa/b']",
        "from:\n- source:\n    notNamespaces: [foo]",
        "when:\n- key: connection.sni\n  values: [a.test, '*.x.test']",
        "when:\n- key: connection.sni\n  notValues: [b.test]",
        "when:\n- key: connection.sni\n  values: ['*test']\n- key: source.namespace\n  values: [default]",
    };
    private static final String[] SOURCES = {
        "",
        "\nsources:\n- serviceAccounts: [default/a, foo/a]",
        "\nsources:\n- namespaces: [foo]",
        "\nsources:\n- spiffeIds: ['spiffe://cluster.local/ns/*/sa/a']",
        "\nsources:\n- cidrs: [10.0.0.0/8]",
        "\nsources:\n- namespaces: [default]\n- spiffeIds: ['spiffe://cluster.local/ns/foo/sa/a']",
    };
    private static final String[] HOST_LISTS = {"a.test", "'*.x.test', x.test", "'*'", "b.test, '*.test'"};
    private static final String[] HANDLERS = {"deny", "black", "white", "missing"};
    private static final String[] NAMESPACES = {"istio-system", "default", "foo"};

    private static PolicyFixture random(Random random, boolean strict) {
        PolicyFixture policy = new PolicyFixture().registryOnly();
        if (strict) {
            policy.denyOnMatchError();
        }
        policy.yaml(RegistryTest.entry("one", "a.test, b.test", RegistryTest.tls(443))
                + RegistryTest.entry("two", "*.x.test", RegistryTest.tls(443) + "\nexportTo: [.]")
                + MixerChecksTest.denier("deny", "istio-system", "stop")
                + MixerChecksTest.object("listchecker", "black", "istio-system", "overrides: [a.test]\nblacklist: true")
                + MixerChecksTest.object("listchecker", "white", "istio-system", "overrides: [a.test, b.test]")
                + MixerChecksTest.object(
                        "listentry", "name", "istio-system", "value: connection.requested_server_name"));
        int rules = 1 + random.nextInt(5);
        for (int i = 0; i < rules; i++) {
            policy.yaml(randomRule(random, "r" + random.nextInt(1000) + "-" + i));
        }
        int others = random.nextInt(5);
        for (int i = 0; i < others; i++) {
            policy.yaml(randomPolicy(random, "p" + random.nextInt(1000) + "-" + i, random.nextBoolean()));
        }
        return policy;
    }

    /** An AuthorizationPolicy or an EgressPolicy. */
    private static String randomPolicy(Random random, String name, boolean denies) {
        String trial = random.nextInt(4) == 0 ? "Audit" : "Enforce";
        if (random.nextBoolean()) {
            return AuthorizationPolicyTest.policy(
                    name,
                    "istio-system",
                    "istio.io/dry-run: \"" + trial.equals("Audit") + "\"",
                    "action: " + (denies ? "DENY" : "ALLOW") + "\nrules:\n- "
                            + RULES[random.nextInt(RULES.length)].indent(2).strip());
        }
        String namespace = NAMESPACES[random.nextInt(NAMESPACES.length)];
        return EgressPolicyTest.policy(
                name,
                namespace,
                "action: " + (denies ? "Deny" : "Allow") + "\nmode: " + trial
                        + (namespace.equals("istio-system") ? SOURCES[random.nextInt(SOURCES.length)] : "")
                        + "\ndestinations:\n- hosts: [" + HOST_LISTS[random.nextInt(HOST_LISTS.length)] + "]");
    }

    private static String randomRule(Random random, String name) {
        String handler = HANDLERS[random.nextInt(HANDLERS.length)];
        String full = handler.equals("deny")
                ? "deny.istio-system"
                : handler.equals("missing") ? "missing" : handler + ".listchecker.istio-system";
        return MixerChecksTest.rule(
                name,
                NAMESPACES[random.nextInt(NAMESPACES.length)],
                MATCHES[random.nextInt(MATCHES.length)],
                full,
                "name.listentry.istio-system");
    }

    private static Attempt attempt(@Nullable String account, String host) {
        return account != null && account.startsWith(SpiffeId.SCHEME)
                ? PolicyFixture.attempt(SpiffeId.parse(account), host, 443)
                : PolicyFixture.attempt(account, host);
    }

    private static List<String> verdicts(Snapshot snapshot) {
        List<String> verdicts = new ArrayList<>();
        for (String account : ACCOUNTS) {
            for (String host : HOSTS) {
                verdicts.add(snapshot.decide(attempt(account, host)).toString());
            }
        }
        return verdicts;
    }

    @RepeatedTest(60)
    @Case("Y06")
    void order_never_matters(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        PolicyFixture policy = random(random, random.nextBoolean());
        Snapshot first = policy.snapshot();

        List<Resource> shuffled = new ArrayList<>(policy.resources());
        Collections.shuffle(shuffled, random);
        Compilation second = policy.compiler().compile(shuffled);

        assertThat(verdicts(second.snapshot())).isEqualTo(verdicts(first));
        assertThat(second.snapshot().digest()).isEqualTo(first.digest()).matches("[0-9a-f]{16}");
        assertThat(second.problems())
                .containsExactlyInAnyOrderElementsOf(policy.compilation().problems());
    }

    @RepeatedTest(60)
    void a_further_rule_or_denial_never_allows_more(RepetitionInfo repetition) {
        Random random = new Random(1000 + repetition.getCurrentRepetition());
        PolicyFixture policy = random(random, random.nextBoolean());
        Snapshot before = policy.snapshot();
        policy.yaml(random.nextBoolean() ? randomRule(random, "added") : randomPolicy(random, "added", true));
        Snapshot after = policy.snapshot();

        for (String account : ACCOUNTS) {
            for (String host : HOSTS) {
                if (before.decide(attempt(account, host)) instanceof Denial) {
                    assertThat(after.decide(attempt(account, host))).isInstanceOf(Denial.class);
                }
            }
        }
    }

    /** With a trace every rule is tried, without one only those that the index offers. */
    @RepeatedTest(60)
    void the_index_skips_only_what_cannot_matter(RepetitionInfo repetition) {
        Random random = new Random(2000 + repetition.getCurrentRepetition());
        Snapshot snapshot = random(random, random.nextBoolean()).snapshot();

        for (String account : ACCOUNTS) {
            for (String host : HOSTS) {
                var attempt = attempt(account, host);
                assertThat(snapshot.decide(attempt, new DecisionTrace()).toString())
                        .isEqualTo(snapshot.decide(attempt).toString());
            }
        }
    }

    @Test
    void the_digest_follows_content_and_options_and_nothing_else() {
        String rule = MixerChecksTest.rule("r", "istio-system", "true", "h", "i");
        String digest = new PolicyFixture().yaml("a.yaml", rule).snapshot().digest();

        assertThat(new PolicyFixture()
                        .yaml("b.yaml", "# moved\n\n" + rule)
                        .snapshot()
                        .digest())
                .isEqualTo(digest);
        assertThat(new PolicyFixture()
                        .yaml(rule.replace("  name: r", "  name: r\n  resourceVersion: \"7\""))
                        .snapshot()
                        .digest())
                .isEqualTo(digest);
        assertThat(new PolicyFixture()
                        .yaml(rule.replace("'true'", "'false'"))
                        .snapshot()
                        .digest())
                .isNotEqualTo(digest);
        assertThat(new PolicyFixture().yaml(rule).registryOnly().snapshot().digest())
                .isNotEqualTo(digest);
        assertThat(new PolicyFixture().yaml(rule).denyOnMatchError().snapshot().digest())
                .isNotEqualTo(digest);
    }

    @Test
    void counts_objects_and_rules() {
        Snapshot snapshot = new PolicyFixture()
                .sample("sni-serviceaccount.yaml")
                .sample("sleep.yaml")
                .snapshot();

        assertThat(snapshot.objects()).isEqualTo(8);
        assertThat(snapshot.rules()).isEqualTo(2);
        assertThat(snapshot.hasReports()).isFalse();
        assertThat(snapshot.providers()).isEmpty();
    }

    @Test
    void of_two_objects_with_one_key_the_first_counts_whatever_the_order() {
        PolicyFixture policy = new PolicyFixture()
                .yaml("b.yaml", MixerChecksTest.denier("no", "istio-system", "second"))
                .yaml("a.yaml", MixerChecksTest.denier("no", "istio-system", "first"))
                .yaml("c.yaml", MixerChecksTest.nothing("n", "istio-system"))
                .yaml("c.yaml", MixerChecksTest.rule("r", "istio-system", "", "no", "n"));

        assertThat(policy.decide("a", "a.test"))
                .isInstanceOfSatisfying(
                        Denial.class, denial -> assertThat(denial.message()).endsWith(":first"));
        assertThat(policy.compilation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("duplicate-object");
            assertThat(problem.place().file()).isEqualTo("b.yaml");
        });
    }

    @Test
    void of_two_objects_at_one_place_the_same_counts_in_any_order() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(MixerChecksTest.denier("no", "istio-system", "second"))
                .yaml(MixerChecksTest.denier("no", "istio-system", "first"));
        var resources = policy.resources();

        assertThat(policy.compiler().compile(resources.reversed()).snapshot().digest())
                .isEqualTo(policy.compiler().compile(resources).snapshot().digest());
    }

    @Test
    void a_decision_among_many_rules_asks_only_a_few() {
        StringBuilder yaml = new StringBuilder(MixerChecksTest.denier("no", "istio-system", "stop"))
                .append(MixerChecksTest.nothing("n", "istio-system"));
        for (int i = 0; i < 2000; i++) {
            String match = i % 2 == 0
                    ? "source.principal == \"cluster.local/ns/default/sa/s" + i + "\""
                    : "connection.requested_server_name == \"h" + i + ".test\"";
            yaml.append(MixerChecksTest.rule("r" + i, "istio-system", match, "no", "n"));
        }
        Snapshot snapshot = new PolicyFixture().yaml(yaml.toString()).snapshot();
        var attempt = PolicyFixture.attempt("s10", "h11.test");

        org.junit.jupiter.api.Assertions.assertTimeout(java.time.Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 100_000; i++) {
                assertThat(snapshot.decide(attempt) instanceof Denial).isTrue();
            }
        });
        assertThat(((Denial) snapshot.decide(attempt)).message())
                .isEqualTo("PERMISSION_DENIED:no.istio-system:stop, no.istio-system:stop");
    }
}
