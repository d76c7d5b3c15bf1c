package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.TestPki;
import dev.exeat.testkit.TlsSite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Istio's task "Monitoring and Policies for TLS Egress", command by command as it is printed, with real kubectl and curl
 * in pods of {@code exeat up --lab}, in both shapes of a pod. The sites are stand-ins on loopback. What cannot be equal:
 * docs/lab.md.
 */
@Timeout(300)
class PageOnLabIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String ENGLISH = "<title>Wikipedia, the free encyclopedia</title>\n";
    private static final String GERMAN = "<title>Wikipedia – Die freie Enzyklopädie</title>\n";
    private static final String SPANISH = "<title>Wikipedia, la enciclopedia libre</title>\n";
    private static final String FRENCH = "<title>Wikipédia, l'encyclopédie libre</title>\n";
    private static final String ALL_FOUR = "sh -c 'curl -s https://en.wikipedia.org/wiki/Main_Page | grep -o"
            + " \"<title>.*</title>\"; curl -s https://de.wikipedia.org/wiki/Wikipedia:Hauptseite | grep -o"
            + " \"<title>.*</title>\"; curl -s https://es.wikipedia.org/wiki/Wikipedia:Portada | grep -o"
            + " \"<title>.*</title>\"; curl -s https://fr.wikipedia.org/wiki/Wikip%C3%A9dia:Accueil_principal | grep -o"
            + " \"<title>.*</title>\"";
    private static final String IN_US = "kubectl exec -it $(kubectl get pod -l app=sleep-us -o"
            + " jsonpath='{.items[0].metadata.name}') -c sleep-us -- ";
    private static final String IN_CANADA = "kubectl exec -it $(kubectl get pod -l app=sleep-canada -o"
            + " jsonpath='{.items[0].metadata.name}') -c sleep-canada -- ";
    private static final String MIXER_LOG =
            "kubectl -n istio-system logs -l istio-mixer-type=telemetry -c mixer | grep 'egress-access'";
    private static final String LINE =
            "\\{\"level\":\"info\",\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\","
                    + "\"instance\":\"egress-access\\.instance\\.istio-system\",\"connectionEvent\":\"open\",\"destinationApp\":\"\","
                    + "\"requestedServerName\":\"%s\\.wikipedia\\.org\",\"source\":\"istio-egressgateway-with-sni-proxy\","
                    + "\"sourceNamespace\":\"default\",\"sourcePrincipal\":\"cluster\\.local/ns/default/sa/%s\","
                    + "\"sourceWorkload\":\"istio-egressgateway-with-sni-proxy\"\\}";

    @TempDir
    private Path directory;

    private Program.Running up;

    private TlsSite startSites() {
        TestPki pki = TestPki.create("sites");
        pki.writeRoot(directory.resolve("root.pem"));
        return TlsSite.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                pki,
                List.of("*.wikipedia.org"),
                Map.of(
                        "/wiki/Main_Page", ENGLISH,
                        "/wiki/Wikipedia:Hauptseite", GERMAN,
                        "/wiki/Wikipedia:Portada", SPANISH,
                        "/wiki/Wikip%C3%A9dia:Accueil_principal", FRENCH,
                        "/wiki/Wikipédia:Accueil_principal", FRENCH));
    }

    private Program.Running startUp(TlsSite sites, String shape) {
        return Program.startWith(
                Map.of("CURL_CA_BUNDLE", directory.resolve("root.pem").toString()),
                "up",
                "--lab",
                "--lab-pods",
                shape,
                "--compat",
                "mixer",
                "--data-dir",
                directory.resolve("data").toString(),
                "--tunnel",
                "127.0.0.1:0",
                "--api",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0",
                "--connect-to",
                "*.wikipedia.org:443:127.0.0.1:" + sites.port(),
                "--allow-address",
                "*.wikipedia.org=127.0.0.1/32");
    }

    /** Types a command as the page has it, where the samples are. */
    private CommandRun type(String command) {
        return Command.of("bash", "-c", command)
                .in(Path.of("..").toAbsolutePath().normalize())
                .env("KUBECONFIG", directory.resolve("data/kubeconfig").toString())
                .env("KUBECACHEDIR", directory.resolve("cache").toString())
                .env("SOURCE_POD", Files.exists(directory.resolve("pod")) ? pod() : "")
                .run();
    }

    private String pod() {
        try {
            return Files.readString(directory.resolve("pod"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Types a command that changes the policy, and waits until it is in force: the page says "several minutes". */
    private CommandRun change(String command) {
        String before = digest();
        CommandRun run = type(command);
        assertThat(run.exitCode()).as(run.toString()).isZero();
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> !digest().equals(before));
        return run;
    }

    private String digest() {
        return Mesh.metrics(up)
                .lines()
                .filter(line -> line.startsWith("exeat_policy_info{"))
                .findFirst()
                .orElseThrow();
    }

    private static void prints(CommandRun run, String... titles) {
        assertThat(run.stdout()).as(run.toString()).isEqualTo(String.join("", titles));
        assertThat(run.exitCode()).isZero();
    }

    private void logs(String account, String... sites) {
        await().atMost(SOON).until(() -> type(MIXER_LOG).stdout().lines().count() >= sites.length);
        List<String> lines = type(MIXER_LOG).stdout().lines().toList();
        List<String> latest = lines.subList(lines.size() - sites.length, lines.size());
        for (int i = 0; i < sites.length; i++) {
            assertThat(latest.get(i)).matches(LINE.formatted(sites[i], account));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "process"})
    void the_page_works_as_it_is_printed(String shape) throws Exception {
        Kubectl.assumePresent();
        assumeTrue(
                shape.equals("process") || NetworkNamespace.isPossible(),
                "no network namespace with nft can be made here");
        try (TlsSite sites = startSites();
                Program.Running running = startUp(sites, shape)) {
            up = running;
            begin();
            String variables = type("kubectl exec $SOURCE_POD -c sleep -- env").stdout();
            assertThat(variables.contains("HTTPS_PROXY=")).isEqualTo(shape.equals("process"));
            monitoringAndPolicies(sites);
            identities();
            cleanUp();
        }
    }

    /** What the page takes for granted: the workload, and the wildcard example with mutual TLS. */
    private void begin() throws Exception {
        change("kubectl apply -f samples/sleep/sleep.yaml");
        change("kubectl apply -f samples/wildcard-hosts/mutual-tls.yaml");
        assertThat(type("kubectl wait --for=condition=Available deployment/sleep --timeout=15s")
                        .exitCode())
                .isZero();
        CommandRun pod = type("kubectl get pod -l app=sleep -o jsonpath={.items..metadata.name}");
        Files.writeString(directory.resolve("pod"), pod.stdout());
    }

    private void monitoringAndPolicies(TlsSite sites) {
        change("kubectl apply -f samples/sleep/telemetry/sni-logging.yaml");
        prints(
                type("kubectl exec -it $SOURCE_POD -c sleep -- sh -c 'curl -s https://en.wikipedia.org/wiki/Main_Page |"
                        + " grep -o \"<title>.*</title>\"; curl -s https://de.wikipedia.org/wiki/Wikipedia:Hauptseite |"
                        + " grep -o \"<title>.*</title>\"'"),
                ENGLISH,
                GERMAN);
        logs("sleep", "en", "de");
        change("kubectl apply -f samples/sleep/policy/sni-wikipedia.yaml");
        int seen = sites.requests().size();
        CommandRun denied = type("kubectl exec -it $SOURCE_POD -c sleep -- sh -c 'curl -v"
                + " https://en.wikipedia.org/wiki/Main_Page'");
        assertThat(denied.exitCode()).as(denied.toString()).isEqualTo(35);
        assertThat(denied.stderr()).contains("curl: (35) ").endsWith("command terminated with exit code 35\n");
        assertThat(sites.requests()).hasSize(seen);
        prints(
                type("kubectl exec -it $SOURCE_POD -c sleep -- sh -c 'curl -s"
                        + " https://es.wikipedia.org/wiki/Wikipedia:Portada | grep -o \"<title>.*</title>\"; curl -s"
                        + " https://de.wikipedia.org/wiki/Wikipedia:Hauptseite | grep -o \"<title>.*</title>\"'"),
                SPANISH,
                GERMAN);
        assertThat(type("kubectl -n istio-system logs -l istio=egressgateway-with-sni-proxy -c istio-proxy")
                        .stdout())
                .contains(" UAEX ", "en.wikipedia.org")
                .contains("outbound|443||es.wikipedia.org");
        change("kubectl delete -f samples/sleep/telemetry/sni-logging.yaml");
        change("kubectl delete -f samples/sleep/policy/sni-wikipedia.yaml");
    }

    private void identities() {
        for (String name : List.of("sleep-us", "sleep-canada")) {
            CommandRun run = change("sed 's/: sleep/: " + name + "/g' samples/sleep/sleep.yaml | kubectl apply -f -");
            assertThat(run.stdout())
                    .isEqualTo("serviceaccount/%1$s created\nservice/%1$s created\ndeployment.apps/%1$s created\n"
                            .formatted(name));
            assertThat(type("kubectl wait --for=condition=Available deployment/" + name + " --timeout=15s")
                            .exitCode())
                    .isZero();
        }
        change("kubectl apply -f samples/sleep/telemetry/sni-logging.yaml");
        prints(type(IN_US + ALL_FOUR + "'"), ENGLISH, GERMAN, SPANISH, FRENCH);
        logs("sleep-us", "en", "de", "es", "fr");
        change("kubectl apply -f samples/sleep/policy/sni-serviceaccount.yaml");
        prints(type(IN_US + ALL_FOUR + ";:'"), ENGLISH, SPANISH);
        CommandRun restarted = type("kubectl delete pod -n istio-system -l istio-mixer-type=policy");
        assertThat(restarted.stdout()).as(restarted.toString()).matches("pod \"istio-policy-\\S+\" deleted.*\n");
        prints(type(IN_CANADA + ALL_FOUR + ";:'"), ENGLISH, FRENCH);
    }

    private void cleanUp() {
        assertThat(type("kubectl delete service sleep-us sleep-canada").stdout())
                .contains("service \"sleep-us\" deleted", "service \"sleep-canada\" deleted");
        assertThat(type("kubectl delete deployment sleep-us sleep-canada").stdout())
                .contains("deployment.apps \"sleep-us\" deleted", "deployment.apps \"sleep-canada\" deleted");
        change("kubectl delete serviceaccount sleep-us sleep-canada");
        change("kubectl delete -f samples/sleep/telemetry/sni-logging.yaml");
        change("kubectl delete -f samples/sleep/policy/sni-serviceaccount.yaml");
        change("kubectl delete -f samples/wildcard-hosts/mutual-tls.yaml");
        change("kubectl delete -f samples/sleep/sleep.yaml");
        await().atMost(SOON).until(() -> type("kubectl get pods").stderr().contains("No resources found"));
    }
}
