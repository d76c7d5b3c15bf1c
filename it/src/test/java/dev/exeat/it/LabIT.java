package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pods of {@code exeat up --lab} that are processes, with the kubectl of this machine. */
@Timeout(120)
class LabIT {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String SLEEP =
            Path.of("..", "samples", "sleep", "sleep.yaml").toString();
    private static final String OTHER = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, namespace: default}
            spec:
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata: {labels: {app: %1$s}}
                spec:
                  serviceAccountName: %2$s
                  containers: [{name: main, image: x, env: [{name: GREETING, value: hello}]}]
            """;

    @TempDir
    private static Path directory;

    private static Path data;
    private static Program.Running up;

    @BeforeAll
    static void start() {
        Kubectl.assumePresent();
        data = directory.resolve("data");
        up = up();
        assertThat(kubectl("apply", "-f", SLEEP).stderr()).contains("Warning: ", "images are not run in the lab");
        says(kubectl("wait", "--for=condition=Available", "deploy/sleep", "--timeout=15s"), 0, "condition met");
    }

    private static Program.Running up() {
        return Program.start(
                "up",
                "--lab",
                "--lab-pods",
                "process",
                "--data-dir",
                data.toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        if (up != null) {
            up.close();
        }
    }

    private static Command command(String... arguments) {
        return new Kubectl(data.resolve("kubeconfig"), directory.resolve("cache")).command(arguments);
    }

    private static CommandRun kubectl(String... arguments) {
        return command(arguments).run();
    }

    private static CommandRun apply(String yaml) {
        return command("apply", "-f", "-").stdin(yaml).run();
    }

    private static void says(CommandRun run, int exitCode, String... texts) {
        String all = run.stdout() + run.stderr();
        assertThat(run.exitCode()).as(all).isEqualTo(exitCode);
        assertThat(all).contains(texts);
    }

    private static String podOf(String app) {
        return kubectl("get", "pod", "-l", "app=" + app, "-o", "jsonpath={.items[0].metadata.name}")
                .stdout();
    }

    @Test
    void a_command_has_the_pods_proxy_and_its_streams_and_exit_code_come_back() {
        String pod = podOf("sleep");

        CommandRun run = kubectl("exec", pod, "-c", "sleep", "--", "sh", "-c", "echo out; echo err >&2; exit 35");
        assertThat(run.stdout()).isEqualTo("out\n");
        assertThat(run.stderr()).isEqualTo("err\ncommand terminated with exit code 35\n");
        assertThat(run.exitCode()).isEqualTo(35);

        String address =
                kubectl("get", "pod", pod, "-o", "jsonpath={.status.podIP}").stdout();
        says(kubectl("exec", pod, "--", "sh", "-c", "echo $https_proxy"), 0, "http://" + address + ":");
        says(kubectl("exec", pod, "--", "printenv", "EXEAT_NO_BUILD"), 1, "exit code 1");
        says(kubectl("exec", pod, "--", "sh", "-c", "kill -9 $$"), 137, "exit code 137");
        says(kubectl("exec", pod, "--", "no-such-program"), 127, "executable file not found in $PATH");

        String input = "0123456789abcdef\n".repeat(40_000);
        assertThat(command("exec", "-i", "deploy/sleep", "--", "cat")
                        .stdin(input)
                        .run()
                        .stdout())
                .isEqualTo(input);
        says(kubectl("logs", pod, "--tail=1"), 0, "0123456789abcdef\n");
    }

    @Test
    void what_a_command_leaves_behind_does_not_keep_it_from_ending() {
        long begin = System.nanoTime();

        says(kubectl("exec", "deploy/sleep", "--", "sh", "-c", "sleep 40 & echo left"), 0, "left");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void a_command_ends_with_its_client() throws Exception {
        Process client = new ProcessBuilder(command("exec", "deploy/sleep", "--", "sh", "-c", "echo $$; exec sleep 997")
                        .words())
                .start();
        long pid = Long.parseLong(client.inputReader().readLine());
        assertThat(ProcessHandle.of(pid)).isPresent();

        client.destroy();

        await().atMost(SOON)
                .until(() ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void a_terminal_has_the_size_of_the_clients_and_its_exit_code() {
        assumeTrue(Tools.find("script") != null, "there is no script(1) here");
        String exec = String.join(
                " ",
                command(
                                "exec",
                                "-it",
                                podOf("sleep"),
                                "--",
                                "sh",
                                "-c",
                                "'tty; until stty size | grep \"33 99\"; do sleep 0.1; done; exit 4'")
                        .words());

        CommandRun run = Command.of("script", "-qec", "stty rows 33 cols 99; " + exec, "/dev/null")
                .run();

        says(run, 4, "/dev/pts/", "33 99", "command terminated with exit code 4");
    }

    @Test
    void the_older_subprotocol_is_spoken_too() throws Exception {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var pem = Files.newInputStream(data.resolve("bundle.pem"))) {
            trusted.setCertificateEntry("ca", certificates.generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        Messages messages = new Messages();
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            WebSocket socket = client.newWebSocketBuilder()
                    .header(
                            "Authorization",
                            "Bearer "
                                    + Files.readString(data.resolve("operator.token"))
                                            .strip())
                    .subprotocols("v4.channel.k8s.io")
                    .buildAsync(
                            URI.create("wss://" + up.at("api") + "/api/v1/namespaces/default/pods/" + podOf("sleep")
                                    + "/exec?command=sh&command=-c&command=read+a%3B+echo+got+%24a%3B+exit+3"
                                    + "&stdin=true&stdout=true&stderr=true"),
                            messages)
                    .get(10, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("v4.channel.k8s.io");
            socket.sendBinary(ByteBuffer.wrap("\0word\n".getBytes(StandardCharsets.UTF_8)), true)
                    .join();
            assertThat(messages.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        }

        assertThat(messages.of(1)).isEqualTo("got word\n");
        assertThat(messages.of(3))
                .contains("\"reason\":\"NonZeroExitCode\"", "{\"reason\":\"ExitCode\",\"message\":\"3\"}");
    }

    /** Collects messages by channel. */
    private static final class Messages implements WebSocket.Listener {
        private final Map<Integer, ByteArrayOutputStream> channels = new HashMap<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public synchronized CompletionStage<?> onBinary(WebSocket socket, ByteBuffer message, boolean last) {
            int channel = message.get();
            byte[] content = new byte[message.remaining()];
            message.get(content);
            channels.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).writeBytes(content);
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
            closed.complete(statusCode);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        synchronized String of(int channel) {
            ByteArrayOutputStream content = channels.get(channel);
            return content == null ? "" : content.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void nobody_but_the_operator_runs_commands_and_none_runs_in_what_stands_for_the_gateway() throws Exception {
        String exec = "https://" + up.at("api") + "/api/v1/namespaces/default/pods/" + podOf("sleep")
                + "/exec?command=true&stdout=true";
        List<String> upgrade = List.of(
                "-H",
                "Connection: Upgrade",
                "-H",
                "Upgrade: websocket",
                "-H",
                "Sec-WebSocket-Version: 13",
                "-H",
                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==");
        String token = Files.readString(data.resolve("operator.token")).strip();
        List<String> operator = List.of("-H", "Authorization: Bearer " + token);

        assertThat(curl(exec, upgrade, List.of("-H", "Sec-WebSocket-Protocol: v5.channel.k8s.io")))
                .contains("\"code\":401");
        assertThat(curl(exec, upgrade, operator)).contains("\"code\":400", "subprotocol");
        assertThat(curl(exec, operator, List.of("-H", "Connection: Upgrade", "-H", "Upgrade: SPDY/3.1")))
                .contains("\"code\":400", "SPDY is not spoken");
        says(kubectl("exec", "-n", "istio-system", "deploy/istio-telemetry", "--", "true"), 1, "stands for a part");
        says(kubectl("exec", "nopod", "--", "true"), 1, "Error from server (NotFound): pods \"nopod\" not found");
        says(kubectl("exec", podOf("sleep"), "-c", "nope", "--", "true"), 1, "container nope is not valid for pod");
        CommandRun open = Program.exeat("up", "--lab", "--api", "0.0.0.0:0").run();
        says(open, 2, "--api must be a loopback address");
    }

    private static String curl(String url, List<String> some, List<String> more) {
        List<String> words = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "-m",
                "20",
                "--http1.1",
                "--cacert",
                data.resolve("bundle.pem").toString()));
        words.addAll(some);
        words.addAll(more);
        words.add(url);
        return Command.of(words).run().stdout();
    }

    @Test
    void a_deployment_is_scaled_changed_and_deleted_with_its_pods() {
        says(kubectl("create", "serviceaccount", "worker"), 0, "created");
        says(apply(OTHER.formatted("worker", "worker")), 0, "deployment.apps/worker created");
        says(kubectl("rollout", "status", "deploy/worker", "--timeout=15s"), 0, "successfully rolled out");
        says(kubectl("get", "deploy", "worker", "-o", "wide"), 0, "READY", "UP-TO-DATE", "1/1", "app=worker");
        says(kubectl("get", "all"), 0, "deployment.apps/worker", "pod/worker-");
        says(kubectl("exec", "deploy/worker", "--", "printenv", "GREETING"), 0, "hello");

        says(kubectl("scale", "deploy", "worker", "--replicas=3"), 0, "scaled");
        says(kubectl("rollout", "status", "deploy/worker", "--timeout=15s"), 0, "successfully rolled out");
        assertThat(kubectl("get", "pods", "-l", "app=worker", "-o", "name")
                        .stdout()
                        .lines())
                .hasSize(3);

        String old = podOf("worker");
        says(kubectl("set", "env", "deploy/worker", "GREETING=bye"), 0, "env updated");
        says(kubectl("rollout", "status", "deploy/worker", "--timeout=15s"), 0, "successfully rolled out");
        says(kubectl("exec", "deploy/worker", "--", "printenv", "GREETING"), 0, "bye");
        says(kubectl("get", "pod", old), 1, "NotFound");

        String pod = podOf("worker");
        says(kubectl("delete", "pod", pod), 0, "deleted");
        says(kubectl("rollout", "status", "deploy/worker", "--timeout=15s"), 0, "successfully rolled out");
        says(kubectl("delete", "deploy", "worker"), 0, "deleted");
        await().atMost(SOON).until(() -> podOf("worker").isEmpty());
    }

    @Test
    void a_deployment_without_its_service_account_says_so_and_goes_on_when_it_comes() {
        says(apply(OTHER.formatted("early", "late")), 0, "created");
        await().atMost(SOON)
                .until(() -> kubectl("get", "deploy", "early", "-o", "jsonpath={.status.conditions[*].message}")
                        .stdout()
                        .contains("serviceaccount \"late\" not found"));

        says(kubectl("create", "serviceaccount", "late"), 0, "created");

        says(kubectl("wait", "--for=condition=Available", "deploy/early", "--timeout=15s"), 0, "condition met");
        says(kubectl("delete", "deploy", "early"), 0, "deleted");
    }

    @Test
    void a_pod_by_itself_runs_and_its_log_is_followed_to_its_end() throws Exception {
        says(kubectl("run", "solo", "--image=x", "--restart=Never"), 0, "pod/solo created");
        says(kubectl("wait", "--for=condition=Ready", "pod/solo", "--timeout=15s"), 0, "condition met");
        says(kubectl("exec", "solo", "--", "echo", "one"), 0, "one");
        Path seen = directory.resolve("solo.log");
        Process follower = new ProcessBuilder(command("logs", "-f", "solo").words())
                .redirectOutput(seen.toFile())
                .start();
        await().atMost(SOON).until(() -> Files.readString(seen).equals("one\n"));
        says(kubectl("exec", "solo", "--", "echo", "two"), 0, "two");
        await().atMost(SOON).until(() -> Files.readString(seen).equals("one\ntwo\n"));

        says(kubectl("delete", "pod", "solo"), 0, "deleted");

        assertThat(follower.waitFor(15, TimeUnit.SECONDS)).isTrue();
    }

    /** From 1.32 on kubectl sends these in protobuf. */
    @Test
    void every_kubectl_creates_kinds_of_kubernetes() {
        for (KubectlProgram kubectl : KubectlProgram.all()) {
            String space = "kubectl-" + kubectl.minor();
            Kubectl client = new Kubectl(data.resolve("kubeconfig"), directory.resolve(space));
            Function<String, CommandRun> run =
                    words -> client.command(kubectl.path(), words.split(" ")).run();
            for (String what : List.of(
                    "namespace %s",
                    "serviceaccount a -n %s",
                    "configmap c --from-literal=k=v -n %s",
                    "secret generic s --from-literal=k=v -n %s",
                    "deployment d --image=x --port=80 --replicas=0 -n %s")) {
                says(run.apply("create " + what.formatted(space)), 0, " created");
            }
            says(run.apply("create token a -n " + space), 0, "ey");
            String shown = run.apply(
                            "get cm/c secret/s deploy/d -n " + space
                                    + " -o jsonpath={.items[*].data.k}:{.items[2].spec.replicas}:{..containers[0].ports[0].containerPort}")
                    .stdout();
            assertThat(shown).isEqualTo("v dg==:0:80");
        }
    }

    @Test
    void what_a_command_leaves_behind_ends_with_its_pod() {
        says(kubectl("run", "short", "--image=x", "--restart=Never"), 0, "pod/short created");
        says(kubectl("wait", "--for=condition=Ready", "pod/short", "--timeout=15s"), 0, "condition met");
        says(kubectl("exec", "short", "--", "sh", "-c", "setsid sleep 98701 >/dev/null 2>&1 & echo left"), 0, "left");
        assertThat(Processes.withWords("sleep 98701")).isOne();

        says(kubectl("delete", "pod", "short"), 0, "deleted");

        await().atMost(SOON).until(() -> Processes.withWords("sleep 98701") == 0);
    }

    @Test
    void pods_end_with_their_service_account_and_come_back_with_it() {
        says(kubectl("create", "serviceaccount", "brief"), 0, "created");
        says(apply(OTHER.formatted("brief", "brief")), 0, "created");
        says(kubectl("wait", "--for=condition=Available", "deploy/brief", "--timeout=15s"), 0, "condition met");

        says(kubectl("delete", "serviceaccount", "brief"), 0, "deleted");

        await().atMost(SOON).until(() -> podOf("brief").isEmpty());
        says(kubectl("get", "deploy", "brief", "-o", "jsonpath={.status.conditions[*].message}"), 0, "not found");
        says(kubectl("create", "serviceaccount", "brief"), 0, "created");
        says(kubectl("wait", "--for=condition=Available", "deploy/brief", "--timeout=15s"), 0, "condition met");
        says(kubectl("delete", "deploy", "brief"), 0, "deleted");
    }

    @Test
    void pods_run_again_after_the_process_was_killed_without_what_ran_in_them() {
        String pod = podOf("sleep");
        says(kubectl("exec", pod, "--", "sh", "-c", "setsid sleep 98702 >/dev/null 2>&1 & echo left"), 0, "left");
        up.process().kill();
        up.process().awaitExit(SOON);
        assertThat(Processes.withWords("sleep 98702")).isOne();
        up = up();

        assertThat(Processes.withWords("sleep 98702")).isZero();
        await().atMost(SOON).until(() -> kubectl("exec", pod, "--", "true").exitCode() == 0);
        says(kubectl("get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].restartCount}"), 0, "1");
    }
}
