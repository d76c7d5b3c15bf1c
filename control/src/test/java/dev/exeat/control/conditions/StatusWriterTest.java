package dev.exeat.control.conditions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.Configuration;
import dev.exeat.control.ProviderLists;
import dev.exeat.control.StoreSource;
import dev.exeat.control.gateways.GatewayReport;
import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.PolicyCompiler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StatusWriterTest {
    private static final StoreKey POLICY = new StoreKey("exeat.dev", "egresspolicies", "default", "p");
    private static final StoreKey RULE = new StoreKey("config.istio.io", "rules", "default", "r");

    @TempDir
    private Path directory;

    private ObjectStore store;
    private Configuration configuration;
    private Gateways gateways;
    private StatusWriter writer;

    @BeforeEach
    void open() {
        store = ObjectStore.open(directory.resolve("store.db"));
        ProviderLists lists = new ProviderLists(Clock.systemUTC());
        PolicyCompiler compiler = new PolicyCompiler(new CompileOptions(
                RegistryMode.ALLOW_ANY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("kubernetes://g.istio-system", "g", "istio-system", "g", "cluster.local/x"),
                "istio-system",
                false,
                lists));
        configuration = Configuration.open(new StoreSource(store), compiler, lists, Clock.systemUTC());
        gateways = Gateways.open();
        writer = StatusWriter.start(
                store,
                KindCatalogue.bundled(),
                configuration,
                new StatusWriter.Fleet(gateways, "own"),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        writer.close();
        gateways.close();
        configuration.close();
        store.close();
    }

    private static ObjectNode policy(String host, long generation) {
        return json("""
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "EgressPolicy",
                 "metadata": {"name": "p", "namespace": "default", "generation": %d},
                 "spec": {"action": "Deny", "destinations": [{"hosts": ["%s"]}]}}
                """.formatted(generation, host));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    private JsonNode condition(StoreKey key, String type) {
        StoredObject object = store.get(key);
        for (JsonNode condition : object.body().at("/status/conditions")) {
            if (condition.path("type").asString().equals(type)) {
                return condition;
            }
        }
        return object.body().path("nothing");
    }

    private boolean says(StoreKey key, String type, String status, long generation) {
        JsonNode condition = condition(key, type);
        return condition.path("status").asString("").equals(status)
                && condition.path("observedGeneration").asLong(-1) == generation;
    }

    private void report(String gateway, long version) {
        gateways.report(new GatewayReport(gateway, "d1", version, "1", Instant.EPOCH));
    }

    @Test
    void a_sound_object_is_accepted_and_programmed_and_then_left_alone() {
        store.create(POLICY, policy("a.test", 1));

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "True", 1));

        assertThat(says(POLICY, Condition.ACCEPTED, "True", 1)).isTrue();
        assertThat(says(POLICY, Condition.RESOLVED_REFS, "True", 1)).isTrue();
        assertThat(condition(POLICY, Condition.PROGRAMMED).path("message").asString())
                .isEqualTo("in force in the gateway, since policy "
                        + configuration.snapshot().digest());
        long version = store.resourceVersion();
        await().until(() -> configuration.state().resourceVersion() == version);
        configuration.reload();
        report("own", version);
        assertThat(store.resourceVersion()).isEqualTo(version);
    }

    @Test
    void a_change_is_observed_and_the_time_stays_that_of_the_last_turn() {
        store.create(POLICY, policy("a.test", 1));
        await().until(() -> says(POLICY, Condition.PROGRAMMED, "True", 1));
        String since = condition(POLICY, Condition.PROGRAMMED)
                .path("lastTransitionTime")
                .asString();

        ObjectNode changed = policy("b.test", 2);
        changed.set("status", store.get(POLICY).body().path("status"));
        store.update(POLICY, changed, 0);

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "True", 2));
        assertThat(condition(POLICY, Condition.PROGRAMMED)
                        .path("lastTransitionTime")
                        .asString())
                .isEqualTo(since);
    }

    @Test
    void what_is_not_in_force_is_not_programmed_and_the_reason_is_told() {
        store.create(POLICY, policy("a b", 1));

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "False", 1));

        assertThat(condition(POLICY, Condition.ACCEPTED).path("status").asString())
                .isEqualTo("False");
        assertThat(condition(POLICY, Condition.ACCEPTED).path("message").asString())
                .contains("spec.destinations[0].hosts[0]");
        assertThat(condition(POLICY, Condition.PROGRAMMED).path("reason").asString())
                .isEqualTo("NotAccepted");
    }

    @Test
    void a_reference_that_is_mended_turns_its_condition() {
        store.create(RULE, json("""
                {"apiVersion": "config.istio.io/v1alpha2", "kind": "rule",
                 "metadata": {"name": "r", "namespace": "default", "generation": 1},
                 "spec": {"actions": [{"handler": "h", "instances": ["i"]}]}}
                """));
        await().until(() -> says(RULE, Condition.RESOLVED_REFS, "False", 1));
        assertThat(condition(RULE, Condition.RESOLVED_REFS).path("reason").asString())
                .isEqualTo("DanglingReference");

        store.create(new StoreKey("config.istio.io", "handlers", "default", "h"), json("""
                {"apiVersion": "config.istio.io/v1alpha2", "kind": "handler",
                 "metadata": {"name": "h", "namespace": "default", "generation": 1},
                 "spec": {"compiledAdapter": "denier", "params": {"status": {"code": 7}}}}
                """));
        store.create(new StoreKey("config.istio.io", "instances", "default", "i"), json("""
                {"apiVersion": "config.istio.io/v1alpha2", "kind": "instance",
                 "metadata": {"name": "i", "namespace": "default", "generation": 1},
                 "spec": {"compiledTemplate": "checknothing"}}
                """));

        await().until(() -> says(RULE, Condition.RESOLVED_REFS, "True", 1));
        await().until(() -> says(RULE, Condition.PROGRAMMED, "True", 1));
    }

    @Test
    void it_waits_for_every_gateway_that_reports() {
        report("far", 0);
        store.create(POLICY, policy("a.test", 1));

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "False", 1));
        assertThat(condition(POLICY, Condition.PROGRAMMED).path("message").asString())
                .isEqualTo("in force in 1 of 2 gateways; not yet in far");

        report("far", 1);

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "True", 1));
    }

    @Test
    void conditions_of_others_stay() {
        ObjectNode body = policy("a.test", 1);
        body.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Reviewed")
                .put("status", "True");
        store.create(POLICY, body);

        await().until(() -> says(POLICY, Condition.PROGRAMMED, "True", 1));

        assertThat(condition(POLICY, "Reviewed").path("status").asString()).isEqualTo("True");
    }
}
