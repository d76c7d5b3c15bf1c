package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what on the resource API, with the kubectl of this machine. */
class KubectlAccessIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private static Path directory;

    private static Path data;
    private static Program.Running up;

    @BeforeAll
    static void start() {
        Kubectl.assumePresent();
        data = directory.resolve("data");
        up = up();
    }

    private static Program.Running up() {
        return Program.start(
                "up",
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

    private static CommandRun kubectl(String... arguments) {
        return by(data.resolve("kubeconfig"), arguments);
    }

    private static CommandRun by(Path kubeconfig, String... arguments) {
        return new Kubectl(kubeconfig, directory.resolve("cache")).run(arguments);
    }

    private static void assertSays(CommandRun run, int exitCode, String... texts) {
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(exitCode);
        assertThat(run.stdout() + run.stderr()).contains(texts);
    }

    /** The operator's, with another token in it. */
    private static Path withToken(String token) throws IOException {
        String own = Files.readString(data.resolve("operator.token")).strip();
        String text = Files.readString(data.resolve("kubeconfig")).replace(own, token);
        return Files.writeString(Files.createTempFile(directory, "token", ".kubeconfig"), text);
    }

    @Test
    void a_user_with_a_certificate_may_what_a_binding_says() throws IOException {
        CommandRun printed = Program.exeat(
                        "kubeconfig", "--data-dir", data.toString(), "--user", "jane", "--group", "team")
                .run();
        assertSays(printed, 0, "client-certificate-data");
        Path jane = Files.writeString(directory.resolve("jane.kubeconfig"), printed.stdout());

        assertSays(by(jane, "auth", "whoami"), 0, "jane", "[team system:authenticated]");
        assertSays(
                by(jane, "get", "rules"),
                1,
                "Error from server (Forbidden): rules.config.istio.io is forbidden: User \"jane\" cannot list resource"
                        + " \"rules\" in API group \"config.istio.io\" in the namespace \"default\"");
        assertSays(
                kubectl(
                        "create",
                        "rolebinding",
                        "jane",
                        "--clusterrole=policy-editor",
                        "--group=team",
                        "-n",
                        "default"),
                0,
                "rolebinding.rbac.authorization.k8s.io/jane created");
        assertSays(by(jane, "auth", "can-i", "create", "egresspolicies"), 0, "yes");
        assertSays(by(jane, "auth", "can-i", "create", "egresspolicies", "-n", "istio-system"), 1, "no");
        assertSays(by(jane, "auth", "can-i", "--list"), 0, "rules.config.istio.io");
        assertSays(by(jane, "create", "sa", "x"), 1, "cannot create resource \"serviceaccounts\"");
        assertSays(by(jane, "get", "rolebindings"), 1, "cannot list resource \"rolebindings\"");
        assertSays(by(jane, "get", "rules", "--as=operator"), 1, "cannot impersonate resource \"users\"");
        assertSays(kubectl("get", "rules", "--as=jane", "--as-group=team"), 0, "No resources found");
        assertSays(kubectl("get", "rolebindings"), 0, "policy-editor");
        assertSays(
                kubectl("create", "rolebinding", "x", "--clusterrole=cluster-admin", "--user=x"),
                1,
                "supported values: \"admin\", \"policy-editor\", \"viewer\"");
        assertSays(kubectl("delete", "rolebinding", "jane"), 0, "deleted");
        assertSays(by(jane, "get", "rules"), 1, "(Forbidden)");
    }

    @Test
    void a_service_accounts_token_lives_as_long_as_the_account() throws IOException {
        assertSays(kubectl("create", "sa", "robot"), 0, "created");
        CommandRun made = kubectl("create", "token", "robot", "--duration=20m");
        assertSays(made, 0, "ey");
        Path robot = withToken(made.stdout().strip());

        assertSays(by(robot, "auth", "whoami"), 0, "system:serviceaccount:default:robot");
        assertSays(
                kubectl("create", "clusterrolebinding", "r", "--clusterrole=viewer", "--serviceaccount=default:robot"),
                0,
                "created");
        assertSays(by(robot, "get", "egp", "-A"), 0, "No resources found");
        Path other = withToken(
                kubectl("create", "token", "robot", "--audience=vault").stdout().strip());
        assertSays(by(other, "get", "egp"), 1, "error: You must be logged in to the server (Unauthorized)");
        assertSays(kubectl("delete", "sa", "robot"), 0, "deleted");
        assertSays(by(robot, "get", "egp"), 1, "(Unauthorized)");
        assertSays(kubectl("create", "sa", "robot"), 0, "created");
        assertSays(by(robot, "get", "egp"), 1, "(Unauthorized)");
        assertSays(kubectl("create", "token", "nosuch"), 1, "serviceaccounts \"nosuch\" not found");
    }

    @Test
    void a_service_account_has_its_own_identity_certified_and_no_other() throws IOException {
        assertSays(kubectl("create", "sa", "worker"), 0, "created");
        Path worker = withToken(kubectl("create", "token", "worker").stdout().strip());
        Path key = directory.resolve("worker.key");
        CommandRun csr = Command.of(
                        "openssl",
                        "req",
                        "-new",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        key.toString(),
                        "-subj",
                        "/CN=x",
                        "-addext",
                        "subjectAltName=URI:spiffe://cluster.local/ns/default/sa/other")
                .run();
        String request = Base64.getEncoder().encodeToString(csr.stdout().getBytes());
        Path file = Files.writeString(directory.resolve("csr.yaml"), """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: worker}
                spec: {signerName: exeat.dev/svid, usages: [client auth], request: %s}
                """.formatted(request));

        CommandRun signed = by(worker, "create", "-f", file.toString(), "-o", "jsonpath={.status.certificate}");

        assertThat(signed.exitCode()).as(signed.toString()).isZero();
        Path certificate = directory.resolve("worker.pem");
        Files.write(certificate, Base64.getDecoder().decode(signed.stdout()));
        assertSays(
                Command.of("openssl", "x509", "-in", certificate.toString(), "-noout", "-ext", "subjectAltName")
                        .run(),
                0,
                "URI:spiffe://cluster.local/ns/default/sa/worker");
        assertSays(kubectl("get", "csr"), 0, "system:serviceaccount:default:worker");
        assertSays(kubectl("create", "-f", file.toString(), "--as=jane"), 1, "cannot create resource");
    }

    @Test
    void each_write_is_told_and_the_lines_outlive_kill_9() throws IOException {
        assertSays(kubectl("create", "namespace", "told"), 0, "created");
        up.process().kill();
        up.process().awaitExit(SOON);
        up = up();

        assertThat(Files.readAllLines(data.resolve("audit.jsonl")))
                .anyMatch(line -> line.contains("\"verb\":\"create\"") && line.contains("namespaces//told"));
        assertSays(kubectl("delete", "namespace", "told"), 0, "deleted");
        assertThat(Files.readAllLines(data.resolve("audit.jsonl")).getLast())
                .contains("\"user\":\"operator\"", "\"verb\":\"delete\"", "\"code\":200", "\"after\":null");
    }
}
