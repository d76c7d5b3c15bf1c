package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.LogEntry;
import dev.exeat.model.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The four sample files of the page on monitoring and policies for TLS egress. */
final class SamplesTest {
    private static final String BLACKLIST = "sni-wikipedia.yaml";
    private static final String ACCOUNTS = "sni-serviceaccount.yaml";

    @ParameterizedTest
    @ValueSource(strings = {BLACKLIST, ACCOUNTS, "sni-logging.yaml", "sleep.yaml"})
    void have_no_problems(String sample) {
        PolicyFixture policy = new PolicyFixture().sample(sample);

        for (var resource : policy.resources()) {
            assertThat(policy.compiler().check(resource)).isEmpty();
        }
        assertThat(policy.compilation().problems()).isEmpty();
    }

    @Test
    void blacklist_denies_the_english_wikipedia_with_the_message_of_mixer() {
        Decision decision = new PolicyFixture().sample(BLACKLIST).decide("sleep", "en.wikipedia.org");

        assertThat(decision).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.message())
                    .isEqualTo("PERMISSION_DENIED:wikipedia-checker.istio-system:en.wikipedia.org is blacklisted");
            assertThat(denial.reason()).isEqualTo(Reason.POLICY_DENIED);
            assertThat(denial.rule()).hasToString("rule/istio-system/check-wikipedia-access[0]");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"es.wikipedia.org", "de.wikipedia.org", "en.m.wikipedia.org"})
    void blacklist_allows_the_others(String host) {
        assertThat(new PolicyFixture().sample(BLACKLIST).decide("sleep", host)).isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource({
        "sleep-us,     en, true", "sleep-us,     es, true", "sleep-us,     fr, false", "sleep-us,     de, false",
        "sleep-us,     it, false", "sleep-canada, en, true", "sleep-canada, es, false", "sleep-canada, fr, true",
        "sleep-canada, de, false", "sleep-canada, it, false", "sleep,        en, true", "sleep,        es, true",
        "sleep,        fr, true", "sleep,        de, true", "sleep,        it, true"
    })
    void service_accounts_reach_what_their_lists_name(String account, String language, boolean allowed) {
        Decision decision = new PolicyFixture().sample(ACCOUNTS).decide(account, language + ".wikipedia.org");

        assertThat(decision instanceof Permit).isEqualTo(allowed);
        if (decision instanceof Denial denial) {
            String handler = account.equals("sleep-us") ? "us-wikipedia-checker" : "canada-wikipedia-checker";
            assertThat(denial.message())
                    .isEqualTo("PERMISSION_DENIED:" + handler + ".istio-system:" + language
                            + ".wikipedia.org is not whitelisted");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sleep-us, en, false", "sleep-us, es, true", "sleep-us, fr, false", "sleep-canada, en, false",
        "sleep-canada, fr, true", "sleep-canada, es, false", "sleep, en, false", "sleep, de, true"
    })
    void both_policies_together_must_agree(String account, String language, boolean allowed) {
        PolicyFixture policy = new PolicyFixture().sample(BLACKLIST);
        TinyYaml.resources(ACCOUNTS, PolicyFixture.read(ACCOUNTS)).stream()
                .filter(resource -> !resource.key().kind().equals("instance"))
                .forEach(policy.resources()::add);

        assertThat(policy.decide(account, language + ".wikipedia.org") instanceof Permit)
                .isEqualTo(allowed);
    }

    @Test
    void a_shared_instance_is_warned_of_and_its_loss_denies() {
        PolicyFixture policy = new PolicyFixture().sample(BLACKLIST).sample(ACCOUNTS);
        policy.resources()
                .removeIf(resource -> resource.place().file().equals(ACCOUNTS)
                        && resource.key().kind().equals("instance"));
        assertThat(policy.compilation().problems())
                .filteredOn(problem -> problem.code().equals("shared-instance"))
                .hasSize(2);

        policy.resources().removeIf(resource -> resource.place().file().equals(BLACKLIST));

        assertThat(policy.decide("sleep-us", "en.wikipedia.org")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.reason()).isEqualTo(Reason.POLICY_ERROR);
            assertThat(denial.message()).contains("requested-server-name.instance.istio-system");
        });
        assertThat(policy.decide("sleep", "en.wikipedia.org")).isInstanceOf(Permit.class);
        assertThat(policy.compilation().problems())
                .anySatisfy(problem -> assertThat(problem.toString())
                        .contains("sni-serviceaccount.yaml:")
                        .contains("spec.actions[0].instances[0]")
                        .contains("so the rule denies what it matches")
                        .contains("[dangling-reference]"));
    }

    @Test
    void logging_writes_the_line_of_the_page() {
        Snapshot snapshot = new PolicyFixture().sample("sni-logging.yaml").snapshot();
        ReportEvent open = new ReportEvent(
                PolicyFixture.attempt("sleep-us", "en.wikipedia.org"),
                ReportEvent.Event.OPEN,
                PolicyFixture.NOW,
                ByteCounts.NONE,
                Duration.ZERO,
                null,
                null);

        List<LogEntry> entries = snapshot.report(open);

        assertThat(snapshot.hasReports()).isTrue();
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.instance()).isEqualTo("egress-access.instance.istio-system");
            assertThat(entry.level()).isEqualTo(LogEntry.Level.INFO);
            assertThat(entry.time()).isEqualTo(PolicyFixture.NOW);
            assertThat(entry.stream())
                    .isEqualTo(new LogEntry.Stream(LogEntry.Stream.Target.STDOUT, "", true, 100, 30, 1000));
            assertThat(entry.variables().toString())
                    .isEqualTo("{connectionEvent=Text[value=open], destinationApp=Text[value=],"
                            + " requestedServerName=Text[value=en.wikipedia.org],"
                            + " source=Text[value=istio-egressgateway-with-sni-proxy],"
                            + " sourceNamespace=Text[value=default],"
                            + " sourcePrincipal=Text[value=cluster.local/ns/default/sa/sleep-us],"
                            + " sourceWorkload=Text[value=istio-egressgateway-with-sni-proxy]}");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONTINUE", "CLOSE"})
    void logging_is_silent_on_other_events(ReportEvent.Event event) {
        Snapshot snapshot = new PolicyFixture().sample("sni-logging.yaml").snapshot();
        ReportEvent report = new ReportEvent(
                PolicyFixture.attempt("sleep-us", "en.wikipedia.org"),
                event,
                PolicyFixture.NOW,
                ByteCounts.NONE,
                Duration.ZERO,
                null,
                null);

        assertThat(snapshot.report(report)).isEmpty();
    }
}
