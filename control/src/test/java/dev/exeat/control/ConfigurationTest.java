package dev.exeat.control;

import static dev.exeat.control.Manifests.account;
import static dev.exeat.control.Manifests.documents;
import static dev.exeat.control.Manifests.replace;
import static dev.exeat.control.Manifests.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.Attempt;
import dev.exeat.model.Enforcement;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Problem;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.testkit.Case;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files in a directory to verdicts. */
class ConfigurationTest {
    private static final String SITES = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: sites}
            spec:
              hosts: [en.example.org, es.example.org]
              ports: [{number: 443, name: tls, protocol: TLS}]
              resolution: DNS
            """;
    private static final String INSTANCE = """
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: asked-name, namespace: istio-system}
            spec:
              compiledTemplate: listentry
              params: {value: connection.requested_server_name}
            """;

    private static String handler(String closed) {
        return """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: closed-names, namespace: istio-system}
            spec:
              compiledAdapter: listchecker
              params: {overrides: [%s], blacklist: true}
            """.formatted(closed);
    }

    private static String rule(String match) {
        return """
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: check-names, namespace: istio-system}
            spec:
              match: '%s'
              actions: [{handler: closed-names, instances: [asked-name]}]
            """.formatted(match);
    }

    @TempDir
    Path directory;

    private final ProviderLists lists = new ProviderLists(Clock.systemUTC());
    private Configuration configuration;

    private Configuration open() {
        DirectorySource source = DirectorySource.open(List.of(directory), new InotifyWatcher());
        configuration = Configuration.open(source, compiler(), lists, Clock.systemUTC());
        return configuration;
    }

    private PolicyCompiler compiler() {
        return new PolicyCompiler(new CompileOptions(
                RegistryMode.REGISTRY_ONLY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("kubernetes://g.istio-system", "g", "istio-system", "g", "cluster.local/x"),
                "istio-system",
                false,
                lists));
    }

    @AfterEach
    void stop() {
        if (configuration != null) {
            configuration.close();
        }
    }

    private boolean allows(String host) {
        Attempt attempt = new Attempt(
                "1",
                Instant.EPOCH,
                ListenerKind.TUNNEL,
                SpiffeId.ofServiceAccount("cluster.local", "default", "sleep"),
                IpAddress.parse("127.0.0.1"),
                HostPort.parse(host + ":443"),
                null);
        return configuration.snapshot().decide(attempt) instanceof Permit;
    }

    private void awaitAllowed(boolean en, boolean es) {
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> allows("en.example.org") == en && allows("es.example.org") == es);
    }

    private List<String> errors() {
        return configuration.problems().stream()
                .filter(Problem::isError)
                .map(Problem::code)
                .toList();
    }

    private void sound() {
        write(directory.resolve("sites.yaml"), SITES);
        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("en.example.org"), rule("true")));
        open();
        assertThat(configuration.problems()).isEmpty();
        awaitAllowed(false, true);
    }

    @Test
    void a_changed_file_is_in_force_with_a_new_digest() {
        sound();
        String before = configuration.snapshot().digest();

        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("es.example.org"), rule("true")));

        awaitAllowed(true, false);
        assertThat(configuration.snapshot().digest()).isNotEqualTo(before);
    }

    @Test
    void a_broken_object_leaves_its_last_good_version_and_tells_what_is_wrong() {
        sound();

        write(
                directory.resolve("policy.yaml"),
                documents(INSTANCE, handler("en.example.org, es.example.org"), rule("no such thing")));

        awaitAllowed(false, false);
        assertThat(errors()).isNotEmpty().doesNotContain("manifests-unread");
        assertThat(configuration.problems())
                .allSatisfy(p -> assertThat(p.place().toString()).contains("policy.yaml:"));

        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("es.example.org"), rule("true")));
        awaitAllowed(true, false);
        assertThat(configuration.problems()).isEmpty();
    }

    @Test
    void a_broken_file_leaves_all_its_last_good_objects() {
        sound();

        replace(directory.resolve("policy.yaml"), "\t" + rule("true"));

        await().until(() -> errors().contains("yaml-tab"));
        awaitAllowed(false, true);
    }

    @Test
    void an_object_that_comes_broken_takes_nothing_down() {
        sound();

        write(directory.resolve("more.yaml"), rule("no such thing").replace("check-names", "another"));

        await().until(() -> !errors().isEmpty());
        awaitAllowed(false, true);
    }

    @Test
    @Case("M11")
    void a_rule_that_is_broken_at_the_start_denies() {
        write(directory.resolve("sites.yaml"), SITES);
        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("en.example.org"), rule("no such thing")));

        open();

        assertThat(allows("en.example.org")).isFalse();
        assertThat(allows("es.example.org")).isFalse();
        assertThat(errors()).isNotEmpty();

        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("en.example.org"), rule("true")));
        awaitAllowed(false, true);
    }

    @Test
    @Case("M11")
    void a_file_that_cannot_be_read_at_the_start_denies_everything_until_it_is_mended() throws Exception {
        write(directory.resolve("sites.yaml"), SITES);
        write(directory.resolve("policy.yaml"), documents(INSTANCE, handler("en.example.org"), "kind: [\n"));

        open();

        assertThat(allows("en.example.org")).isFalse();
        assertThat(allows("es.example.org")).isFalse();
        assertThat(errors()).contains("manifests-unread", "yaml-syntax");

        Files.delete(directory.resolve("policy.yaml"));
        awaitAllowed(true, true);
        assertThat(errors()).isEmpty();

        // From now on there is a last good configuration to go by.
        write(directory.resolve("policy.yaml"), "kind: [\n");
        await().until(() -> errors().contains("yaml-syntax"));
        awaitAllowed(true, true);
        assertThat(errors()).doesNotContain("manifests-unread");
    }

    @Test
    void knows_service_accounts_from_resources_alone() throws Exception {
        write(directory.resolve("a.yaml"), account("sleep"));
        open();
        assertThat(configuration.knowsServiceAccount("default", "sleep")).isTrue();
        assertThat(configuration.knowsServiceAccount("other", "sleep")).isFalse();
        assertThat(configuration.knowsServiceAccount("default", "default")).isFalse();

        Files.delete(directory.resolve("a.yaml"));

        await().until(() -> !configuration.knowsServiceAccount("default", "sleep"));
    }

    @Test
    void tells_each_listener_even_after_one_failed() {
        sound();
        List<ConfigurationState> told = new CopyOnWriteArrayList<>();
        configuration.onChange(state -> {
            throw new IllegalStateException("no");
        });
        configuration.onChange(told::add);

        write(directory.resolve("b.yaml"), account("b"));

        await().until(() -> !told.isEmpty());
        assertThat(told.getLast().errors()).isZero();
    }

    private OddSource odd() {
        write(directory.resolve("sites.yaml"), SITES);
        OddSource source = new OddSource(DirectorySource.open(List.of(directory), new InotifyWatcher()));
        configuration = Configuration.open(source, compiler(), lists, Clock.systemUTC());
        return source;
    }

    @Test
    void a_change_that_compiles_nothing_has_the_number_of_the_compilation_before() {
        OddSource source = odd();
        assertThat(configuration.state().compilation()).isEqualTo(1);

        source.becomes(2);

        await().until(() -> configuration.state().resourceVersion() == 2);
        assertThat(configuration.state().compilation()).isEqualTo(1);
    }

    @Test
    void a_fault_leaves_the_last_good_policy_in_force_and_is_told_until_it_is_over() {
        OddSource source = odd();
        List<ConfigurationState> told = new CopyOnWriteArrayList<>();
        configuration.onChange(told::add);
        source.breaks();

        configuration.reload();
        configuration.reload();

        assertThat(errors()).containsExactly("compile-fault");
        assertThat(allows("en.example.org")).isTrue();
        assertThat(told).extracting(ConfigurationState::compilation).containsExactly(2L, 3L);
        assertThat(told.getLast().resourceVersion()).isEqualTo(1);

        source.becomes(2);

        await().until(() -> told.size() == 3);
        assertThat(errors()).isEmpty();
        assertThat(told.getLast().compilation()).isEqualTo(4);
        assertThat(told.getLast().resourceVersion()).isEqualTo(2);
    }

    @Test
    void a_reload_is_in_force_when_it_returns() {
        sound();

        configuration.reload();

        assertThat(allows("en.example.org")).isFalse();
        assertThat(configuration.state().warnings()).isZero();
    }

    @Test
    void validation_finds_what_the_configuration_would() {
        write(directory.resolve("sites.yaml"), SITES);
        write(directory.resolve("rule.yaml"), rule("true"));
        ByteArrayInputStream in = new ByteArrayInputStream("a: [\n".getBytes(StandardCharsets.UTF_8));

        Validation.Report report = new Validation(compiler(), in).validate(List.of("-", directory.toString()));

        assertThat(report.files()).isEqualTo(3);
        assertThat(report.objects()).containsExactly(Map.entry("ServiceEntry", 1), Map.entry("rule", 1));
        assertThat(report.problems()).extracting(Problem::code).contains("yaml-syntax", "dangling-reference");
        assertThat(report.problems())
                .anySatisfy(p -> assertThat(p.place().toString()).isEqualTo("<stdin>:2:1"));
        assertThat(report.errors()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void validation_of_nothing_is_an_error() {
        Validation.Report report = new Validation(compiler(), new ByteArrayInputStream(new byte[0]))
                .validate(List.of(directory.toString()));

        assertThat(report.problems()).extracting(Problem::code).containsExactly("manifests-missing");
    }

    @Test
    @Case("M10")
    void fifty_thousand_rules_are_in_force_in_seconds_and_cost_a_decision_nothing() {
        write(directory.resolve("sites.yaml"), documents(SITES, INSTANCE, handler("en.example.org")));
        for (int file = 0; file < 50; file++) {
            StringBuilder rules = new StringBuilder();
            for (int i = 0; i < 1_000; i++) {
                rules.append(rule("connection.requested_server_name == \"h" + (1_000 * file + i) + ".example.org\"")
                                .replace("check-names", "r" + (1_000 * file + i)))
                        .append("---\n");
            }
            write(directory.resolve("rules-" + file + ".yaml"), rules.toString());
        }

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        open();
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu))
                .isBetween(Duration.ofMillis(100), Duration.ofSeconds(20));
        assertThat(configuration.snapshot().rules()).isEqualTo(50_000);

        cpu = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(allows("es.example.org")).isTrue();
        }
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu)).isLessThan(Duration.ofSeconds(5));
    }
}
