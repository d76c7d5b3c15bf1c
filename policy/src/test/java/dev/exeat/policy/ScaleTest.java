package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A decision tries as few of 100,000 rules as of ten. */
final class ScaleTest {
    private static final int OF_EACH_KIND = 25_000;
    private static final String ROOT = "istio-system";

    private static String mixer(int number) {
        String account = "\"cluster.local/ns/ns-" + number % 100 + "/sa/sa-" + number + "\"";
        String match = switch (number % 5) {
            case 0 -> "source.principal == " + account;
            case 1 -> "connection.requested_server_name == \"host-" + number + ".test\"";
            case 2 -> "connection.requested_server_name.endsWith(\".host-" + number + ".test\")";
            // All about one client, each for another host.
            case 3 ->
                "source.principal == \"cluster.local/ns/default/sa/busy\" && match(connection.requested_server_name,"
                        + " \"*.host-" + number + ".test\")";
            default ->
                "(source.principal | \"\") == " + account + " || (source.principal | \"\") == \"td/x/y-" + number
                        + "\"";
        };
        return MixerChecksTest.rule("rule-" + number, ROOT, match, "no", "all");
    }

    private static String authorization(int number) {
        return AuthorizationPolicyTest.policy("authorization-" + number, ROOT, "", """
                action: DENY
                rules:
                - from:
                  - source:
                      principals: [cluster.local/ns/ns-%1$d/sa/sa-%2$d]
                - when:
                  - key: connection.sni
                    values: ['*.host-%2$d.test']
                """.formatted(number % 100, number));
    }

    private static String egress(int number, String action, String source) {
        return EgressPolicyTest.policy("egress-" + number, ROOT, """
                action: %s
                sources:
                - %s
                destinations:
                - hosts: ['*.host-%d.test', host-%d.test]
                """.formatted(action, source, number, number));
    }

    private static Snapshot snapshot() {
        List<Resource> resources = new ArrayList<>(TinyYaml.resources(
                "base.yaml", MixerChecksTest.denier("no", ROOT, "stop") + MixerChecksTest.nothing("all", ROOT)));
        for (int i = 0; i < OF_EACH_KIND; i++) {
            resources.addAll(TinyYaml.resources("mixer.yaml", mixer(i)));
            resources.addAll(TinyYaml.resources("authorization.yaml", authorization(i)));
            resources.addAll(TinyYaml.resources(
                    "deny.yaml", egress(i, "Deny", "serviceAccounts: [ns-" + i % 100 + "/sa-" + i + "]")));
            resources.addAll(TinyYaml.resources(
                    "allow.yaml", egress(i + OF_EACH_KIND, "Allow", "namespaces: [ns-" + i % 100 + "]")));
        }
        return new PolicyFixture().compiler().compile(resources).snapshot();
    }

    @Test
    void a_decision_tries_few_of_many_rules() {
        Snapshot snapshot = snapshot();

        assertThat(snapshot.rules()).isEqualTo(4 * OF_EACH_KIND);
        for (String account : new String[] {"ns-7/sa-107", "ns-7/sa-20007", "default/busy", "default/nobody", null}) {
            for (String host : new String[] {"a.host-108.test", "host-107.test", "x.y.host-103.test", "other.test"}) {
                assertThat(snapshot.tried(PolicyFixture.attempt(account, host)))
                        .as("%s to %s", account, host)
                        .isLessThanOrEqualTo(6);
            }
        }
        assertThat(snapshot.tried(PolicyFixture.attempt("default/busy", "a.host-108.test")))
                .isPositive();
    }
}
