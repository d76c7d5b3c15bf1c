package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What controllers do that are written in Java, with fabric8's client. The property {@code exeat.real.kubeconfig} names a
 * real API server to do it there instead; {@code make kube-golden} does.
 */
class JavaClientIT {
    private static final String REAL = System.getProperty("exeat.real.kubeconfig", "");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String NAMESPACE = "java-client";
    private static final int CONFLICT = 409;
    /** More changes than a new store has begun with. */
    private static final int VERSIONS_OF_A_START = 100;

    private static final ResourceDefinitionContext HOST_SETS = new ResourceDefinitionContext.Builder()
            .withGroup("exeat.dev")
            .withVersion("v1alpha1")
            .withKind("HostSet")
            .withPlural("hostsets")
            .withNamespaced(true)
            .build();

    @TempDir
    private static Path directory;

    private static String api = "127.0.0.1:0";
    private static Program.Running up;
    private static Relay relay;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws Exception {
        if (REAL.isEmpty()) {
            up = up();
            api = up.at("api");
        }
        Config config = Config.fromKubeconfig(kubeconfig());
        URI server = URI.create(config.getMasterUrl());
        relay = new Relay(new InetSocketAddress(server.getHost(), server.getPort()));
        client = client();
        client.resource(namespace()).serverSideApply();
    }

    private static Namespace namespace() {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build();
    }

    private static Program.Running up() {
        return Program.start(
                "up",
                "--lab",
                "--data-dir",
                directory.resolve("data").toString(),
                "--registry",
                "ALLOW_ANY",
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                api,
                "--admin",
                "127.0.0.1:0");
    }

    private static String kubeconfig() throws Exception {
        return Files.readString(REAL.isEmpty() ? directory.resolve("data/kubeconfig") : Path.of(REAL));
    }

    /** One that goes by the relay. */
    private static KubernetesClient client() throws Exception {
        Config config = Config.fromKubeconfig(kubeconfig());
        config.setMasterUrl("https://" + relay.at() + "/");
        config.setWatchReconnectInterval(100);
        config.setRequestRetryBackoffInterval(100);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    static void stop() {
        if (client != null) {
            client.configMaps().inNamespace(NAMESPACE).delete();
            client.genericKubernetesResources(HOST_SETS).inNamespace(NAMESPACE).delete();
            client.close();
            relay.close();
        }
        if (up != null) {
            up.close();
        }
    }

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .addToData("a", value)
                .build();
    }

    private static void put(String name, String value) {
        client.resource(map(name, value)).forceConflicts().serverSideApply();
    }

    /** What an informer told, in its order. */
    private static final class Told implements ResourceEventHandler<ConfigMap> {
        private final List<String> events = new CopyOnWriteArrayList<>();

        private static String text(ConfigMap map) {
            return map.getMetadata().getName() + "=" + map.getData().get("a");
        }

        @Override
        public void onAdd(ConfigMap map) {
            events.add("+" + text(map));
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            if (!text(before).equals(text(map))) {
                events.add("~" + text(map));
            }
        }

        @Override
        public void onDelete(ConfigMap map, boolean unknown) {
            events.add("-" + text(map));
        }

        void awaits(String... expected) {
            await().atMost(SOON).untilAsserted(() -> assertThat(events).containsExactly(expected));
        }
    }

    @Test
    void an_informer_tells_each_change_once_though_its_watch_is_cut() {
        Told told = new Told();
        put("cut-1", "first");
        try (SharedIndexInformer<ConfigMap> _ =
                client.configMaps().inNamespace(NAMESPACE).inform(told)) {
            await().atMost(SOON).until(() -> told.events.contains("+cut-1=first"));
            told.events.removeIf(event -> !event.contains("cut-1"));
            put("cut-1", "second");
            told.awaits("+cut-1=first", "~cut-1=second");

            relay.cut();
            put("cut-1", "third");
            put("cut-2", "new");
            client.configMaps().inNamespace(NAMESPACE).withName("cut-1").delete();

            told.awaits("+cut-1=first", "~cut-1=second", "~cut-1=third", "+cut-2=new", "-cut-1=third");
            client.configMaps().inNamespace(NAMESPACE).withName("cut-2").delete();
        }
    }

    @Test
    void an_informer_reads_all_anew_from_a_server_that_lost_its_store() throws Exception {
        assumeTrue(REAL.isEmpty(), "a real server is not ours to start anew");
        Told told = new Told();
        put("gone-1", "first");
        try (SharedIndexInformer<ConfigMap> _ =
                client.configMaps().inNamespace(NAMESPACE).inform(told)) {
            await().atMost(SOON).until(() -> told.events.contains("+gone-1=first"));
            told.events.removeIf(event -> !event.contains("gone-1"));

            for (int i = 0; i < VERSIONS_OF_A_START; i++) {
                put("gone-3", "at " + i);
            }
            await().atMost(SOON).until(() -> told.events.getLast().equals("~gone-3=at " + (VERSIONS_OF_A_START - 1)));
            told.events.removeIf(event -> event.contains("gone-3"));

            relay.leadTo(new InetSocketAddress("127.0.0.1", 1));
            relay.cut();
            up.close();
            for (String part : List.of("store.db", "store.db-wal", "store.db-shm")) {
                Files.deleteIfExists(directory.resolve("data").resolve(part));
            }
            up = up();
            try (KubernetesClient straight = new KubernetesClientBuilder()
                    .withConfig(Config.fromKubeconfig(kubeconfig()))
                    .build()) {
                straight.resource(namespace()).create();
                straight.resource(map("gone-2", "new")).create();
            }
            relay.leadTo(up.address("api"));

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(told.events)
                            .containsExactlyInAnyOrder(
                                    "+gone-1=first",
                                    "+gone-2=new",
                                    "-gone-1=first",
                                    "-gone-3=at " + (VERSIONS_OF_A_START - 1)));
            put("gone-2", "later");
            await().atMost(SOON).until(() -> told.events.getLast().equals("~gone-2=later"));
            client.configMaps().inNamespace(NAMESPACE).withName("gone-2").delete();
        }
    }

    @Test
    void a_watch_from_a_version_that_is_not_kept_is_told_so() {
        assumeTrue(!REAL.isEmpty(), "here all versions of a new store are kept");
        CompletableFuture<WatcherException> end = new CompletableFuture<>();
        try (var _ = client.genericKubernetesResources(HOST_SETS)
                .inNamespace(NAMESPACE)
                .withResourceVersion("1")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource set) {}

                    @Override
                    public void onClose(WatcherException cause) {
                        end.complete(cause);
                    }
                })) {
            assertThat(end)
                    .succeedsWithin(SOON)
                    .satisfies(cause -> assertThat(cause.isHttpGone()).isTrue());
        }
    }

    @Test
    void server_side_apply_tells_of_conflicts_and_takes_fields_where_it_is_forced() {
        HostSetOf one = new HostSetOf("one", "First.", "a.example.com");
        HostSetOf two = new HostSetOf("two", "Second.", "b.example.com");
        one.apply(false);

        assertThatThrownBy(() -> two.apply(false)).isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
            assertThat(refused.getCode()).isEqualTo(CONFLICT);
            assertThat(refused.getStatus().getDetails().getCauses())
                    .extracting(cause -> cause.getReason() + " " + cause.getField() + " " + cause.getMessage())
                    .containsExactly("FieldManagerConflict .spec.description conflict with \"one\"");
        });

        two.apply(true);
        assertThat(client.genericKubernetesResources(HOST_SETS)
                        .inNamespace(NAMESPACE)
                        .withName("shared")
                        .get()
                        .<Map<String, Object>>get("spec"))
                .isEqualTo(Map.of("hosts", List.of("a.example.com", "b.example.com"), "description", "Second."));
    }

    /** What a field manager wants of an object that it shares. */
    private record HostSetOf(String manager, String description, String host) {
        void apply(boolean force) {
            GenericKubernetesResource set = new GenericKubernetesResourceBuilder()
                    .withApiVersion("exeat.dev/v1alpha1")
                    .withKind("HostSet")
                    .withNewMetadata()
                    .withName("shared")
                    .withNamespace(NAMESPACE)
                    .endMetadata()
                    .addToAdditionalProperties("spec", Map.of("hosts", List.of(host), "description", description))
                    .build();
            client.genericKubernetesResources(HOST_SETS)
                    .inNamespace(NAMESPACE)
                    .resource(set)
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(manager)
                            .withForce(force)
                            .build());
        }
    }

    @Test
    void one_of_two_electors_leads_and_the_other_after_it() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<?> one = elector("one", told).start();
        await().atMost(SOON).until(() -> told.contains("one leads"));
        CompletableFuture<?> two = elector("two", told).start();
        await().atMost(SOON).until(() -> told.contains("two knows one"));

        one.cancel(true);
        await().atMost(SOON).until(() -> told.contains("two leads"));
        two.cancel(true);
        await().atMost(SOON).until(() -> told.contains("two ends"));
        assertThat(told.stream().filter(event -> !event.contains("knows")))
                .containsExactly("one leads", "one ends", "two leads", "two ends");
        assertThat(client.leases()
                        .inNamespace(NAMESPACE)
                        .withName("leader")
                        .get()
                        .getSpec()
                        .getLeaseTransitions())
                .isPositive();
        client.leases().inNamespace(NAMESPACE).withName("leader").delete();
    }

    private static LeaderElector elector(String name, List<String> told) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(name)
                        .withLock(new LeaseLock(NAMESPACE, "leader", name))
                        .withLeaseDuration(Duration.ofSeconds(3))
                        .withRenewDeadline(Duration.ofSeconds(2))
                        .withRetryPeriod(Duration.ofMillis(200))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> told.add(name + " leads"),
                                () -> told.add(name + " ends"),
                                leader -> told.add(name + " knows " + leader)))
                        .build())
                .build();
    }

    @Test
    void a_command_in_a_pod_gives_its_output_and_its_exit_code() throws Exception {
        assumeTrue(REAL.isEmpty(), "an API server alone runs no pods");
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withName("worker")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .addToMatchLabels("app", "worker")
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .addToLabels("app", "worker")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("main")
                        .withImage("any")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
        client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName("worker")
                .waitUntilReady(SOON.toSeconds(), TimeUnit.SECONDS);
        String pod = client.pods()
                .inNamespace(NAMESPACE)
                .withLabel("app", "worker")
                .list()
                .getItems()
                .getFirst()
                .getMetadata()
                .getName();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        try (ExecWatch exec = client.pods()
                .inNamespace(NAMESPACE)
                .withName(pod)
                .inContainer("main")
                .redirectingInput()
                .writingOutput(out)
                .writingError(err)
                .exec("sh", "-c", "read line; echo \"got $line\"; echo wrong >&2; exit 3")) {
            exec.getInput().write("this\n".getBytes(StandardCharsets.UTF_8));
            exec.getInput().flush();

            assertThat(exec.exitCode()).succeedsWithin(SOON).isEqualTo(3);
        }
        assertThat(out).hasToString("got this\n");
        assertThat(err).hasToString("wrong\n");
    }
}
