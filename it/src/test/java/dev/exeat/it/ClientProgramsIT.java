package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients with a TLS of their own go through the workload proxy: Go's, Node's and OpenSSL's, with TLS 1.2 and 1.3. Each
 * sees the certificate of the site itself, whose issuer no part of Exeat knows.
 */
class ClientProgramsIT {
    @TempDir
    private static Path directory;

    private static Mesh mesh;
    private static @Nullable GoClients gophers;

    @BeforeAll
    static void start() {
        gophers = GoClients.start(directory);
        Program.write(directory.resolve("manifests/gopher.yaml"), """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: gopher
                  namespace: default
                spec:
                  location: MESH_EXTERNAL
                  hosts: [%s]
                  ports:
                  - number: 443
                    name: tls
                    protocol: TLS
                """.formatted(GoClients.HOST));
        List<String> way = gophers == null ? List.of() : gophers.wayToTheSite();
        mesh = Mesh.start(directory, way.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        mesh.close();
        if (gophers != null) {
            gophers.close();
        }
    }

    private static GoClients gophers() {
        assumeTrue(gophers != null, "there is no Go 1.24 or newer");
        return Objects.requireNonNull(gophers);
    }

    private static String listen() {
        return mesh.proxy("sleep").at("listen");
    }

    /** A page, messages both ways in one HTTP/2 request as gRPC has them, and WebSocket. */
    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    @Case("S18")
    void gos_clients_speak_every_http_through_the_proxy(String scheme) {
        CommandRun run = gophers().visit(scheme + "://" + listen(), GoClients.HOST);

        List<String> expected = new ArrayList<>();
        for (String tls : List.of("TLS 1.2", "TLS 1.3")) {
            for (String http : List.of("HTTP/1.1", "HTTP/2.0")) {
                expected.add(tls + " " + http + " hello gopher.test issuer=gophers");
            }
            expected.add("exchange HTTP/2.0 grpc-status=0");
            expected.add("websocket HTTP/1.1");
        }
        assertThat(run.stdout().lines()).as(run.toString()).containsExactlyElementsOf(expected);
        assertThat(run.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5"})
    void gos_client_is_told_that_a_host_is_denied(String scheme) {
        CommandRun run = gophers().visit(scheme + "://" + listen(), "denied.test");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).contains(scheme.equals("http") ? "Forbidden" : "not allowed");
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, http/1.1", "TLSv1.3, http/1.1", "TLSv1.2, h2", "TLSv1.3, h2"})
    @Case("S18")
    void nodes_client_speaks_every_http_through_the_proxy(String version, String alpn) {
        Path node = Tools.find("node");
        assumeTrue(node != null, "there is no Node");

        CommandRun run = node(node, gophers().root(), GoClients.HOST, version, alpn);

        String http = alpn.equals("h2") ? "HTTP/2" : "HTTP/1.1";
        assertThat(run.stdout())
                .as(run.toString())
                .isEqualTo(version + " " + http + " hello gopher.test issuer=gophers\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void nodes_client_is_told_that_a_host_is_denied() {
        Path node = Tools.find("node");
        assumeTrue(node != null, "there is no Node");

        CommandRun run = node(node, directory.resolve("root.pem"), "denied.test", "TLSv1.3", "http/1.1");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.stderr()).contains("the proxy answered 403");
    }

    private static CommandRun node(Path node, Path root, String host, String version, String alpn) {
        String[] proxy = listen().split(":");
        return Command.of(
                        node.toString(),
                        Path.of("src", "test", "resources", "clients", "visit.mjs")
                                .toString(),
                        proxy[0],
                        proxy[1],
                        root.toString(),
                        host,
                        version,
                        alpn)
                .run();
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2, TLSv1.2", "-tls1_3, TLSv1.3"})
    @Case("S18")
    void openssls_client_sees_the_sites_own_certificate(String flag, String version) {
        CommandRun run = openssl("en.wikipedia.org", flag);

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.stdout())
                .contains("issuer=CN = sites")
                .contains("New, " + version)
                .contains("Verify return code: 0 (ok)");
        assertThat(mesh.site.requests().getLast().tls()).isEqualTo(version);
    }

    @Test
    void openssls_client_is_told_that_a_host_is_denied() {
        CommandRun run = openssl("denied.test", "-tls1_3");

        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.stderr()).contains("HTTP CONNECT failed, reason= 403");
    }

    /** The request's end ends nothing: the client waits for the site to close, which HTTP/1.0 makes it do. */
    private static CommandRun openssl(String host, String flag) {
        return Command.of(
                        "openssl",
                        "s_client",
                        "-proxy",
                        listen(),
                        "-connect",
                        host + ":443",
                        "-servername",
                        host,
                        "-CAfile",
                        directory.resolve("root.pem").toString(),
                        "-verify_return_error",
                        "-ign_eof",
                        flag)
                .stdin("GET /page HTTP/1.0\r\nHost: " + host + "\r\n\r\n")
                .run();
    }
}
