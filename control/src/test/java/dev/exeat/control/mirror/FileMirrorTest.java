package dev.exeat.control.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.Configuration;
import dev.exeat.control.DirectorySource;
import dev.exeat.control.JoinedSource;
import dev.exeat.control.PortableDirectoryWatcher;
import dev.exeat.control.ProviderLists;
import dev.exeat.control.StoreSource;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.Enforcement;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.PolicyCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class FileMirrorTest {
    private static final StoreKey KEY = new StoreKey("exeat.dev", "egresspolicies", "default", "p");

    @TempDir
    private Path directory;

    private Path file;
    private ObjectStore store;
    private Configuration configuration;
    private FileMirror mirror;

    @BeforeEach
    void open() throws IOException {
        file = Files.createDirectory(directory.resolve("manifests")).resolve("p.yaml");
        store = ObjectStore.open(directory.resolve("store.db"));
    }

    @AfterEach
    void close() {
        mirror.close();
        configuration.close();
        store.close();
    }

    private void start() throws IOException {
        ProviderLists lists = new ProviderLists(Clock.systemUTC());
        PolicyCompiler compiler = new PolicyCompiler(new CompileOptions(
                RegistryMode.ALLOW_ANY,
                Enforcement.ENFORCE,
                Map.of(),
                new GatewayWorkload("kubernetes://g.istio-system", "g", "istio-system", "g", "cluster.local/x"),
                "istio-system",
                false,
                lists));
        DirectorySource files =
                DirectorySource.open(List.of(file.getParent()), PortableDirectoryWatcher.open(Duration.ofMillis(20)));
        configuration =
                Configuration.open(new JoinedSource(files, new StoreSource(store)), compiler, lists, Clock.systemUTC());
        mirror = FileMirror.start(configuration, store, KindCatalogue.bundled(), Clock.systemUTC());
    }

    private void write(String host) throws IOException {
        Files.writeString(file, """
                # The first line
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: p, namespace: default, labels: {team: a}}
                spec: {action: Deny, destinations: [{hosts: [%s]}]}
                """.formatted(host));
    }

    private String host() {
        StoredObject object = store.find(KEY);
        return object == null
                ? ""
                : object.body().at("/spec/destinations/0/hosts/0").asString("");
    }

    @Test
    void the_store_shows_an_object_of_a_file_and_where_it_stands() throws IOException {
        write("a.test");

        start();

        ObjectNode body = store.get(KEY).body();
        assertThat(host()).isEqualTo("a.test");
        assertThat(FileOwned.place(body)).isEqualTo(file + ":2");
        assertThat(body.at("/metadata/labels/team").asString("")).isEqualTo("a");
        assertThat(body.at("/metadata/uid").asString("")).isNotEmpty();
        assertThat(body.at("/metadata/generation").asInt(0)).isEqualTo(1);
        assertThat(configuration.problems()).isEmpty();
        assertThat(configuration.objects().resources()).hasSize(1);
    }

    @Test
    void it_follows_the_file() throws IOException {
        write("a.test");
        start();
        String uid = store.get(KEY).body().at("/metadata/uid").asString("");

        write("b.test");
        await().until(() -> host().equals("b.test"));
        assertThat(store.get(KEY).body().at("/metadata/generation").asInt(0)).isEqualTo(2);
        assertThat(store.get(KEY).body().at("/metadata/uid").asString("")).isEqualTo(uid);

        Files.delete(file);
        await().until(() -> store.find(KEY) == null);
    }

    @Test
    void what_a_broken_file_had_stays() throws IOException {
        write("a.test");
        start();

        Files.writeString(file, "spec: [");
        await().until(() -> !configuration.problems().isEmpty());

        assertThat(host()).isEqualTo("a.test");
    }

    @Test
    void a_file_that_went_while_nobody_looked_takes_its_object_along() throws IOException {
        write("a.test");
        start();
        mirror.close();
        configuration.close();
        Files.delete(file);

        start();

        assertThat(store.find(KEY)).isNull();
    }

    @Test
    void it_takes_the_place_of_an_object_of_the_api_and_leaves_the_others() throws IOException {
        StoreKey other = new StoreKey("exeat.dev", "egresspolicies", "default", "q");
        store.create(KEY, policy("p"));
        store.create(other, policy("q"));
        write("a.test");

        start();

        assertThat(host()).isEqualTo("a.test");
        assertThat(FileOwned.place(store.get(other).body())).isNull();
        await().until(() -> configuration.problems().isEmpty());
    }

    @Test
    void a_restart_writes_nothing() throws IOException {
        write("a.test");
        start();
        long version = store.resourceVersion();
        mirror.close();
        configuration.close();

        start();

        assertThat(store.resourceVersion()).isEqualTo(version);
    }

    private static ObjectNode policy(String name) {
        return (ObjectNode) JsonMapper.shared().readTree("""
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "EgressPolicy",
                 "metadata": {"name": "%s", "namespace": "default", "generation": 1},
                 "spec": {"action": "Deny", "destinations": [{"hosts": ["api.test"]}]}}
                """.formatted(name));
    }
}
