package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.SampleOctets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real clients on every way through the gateway: a page, and a hundred megabytes unchanged. */
class ClientsIT {
    private static final long BULK = 100_000_000;

    @TempDir
    private static Path directory;

    private static Mesh mesh;

    @BeforeAll
    static void start() {
        mesh = Mesh.start(directory);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    /** The ways that curl knows. */
    enum Way {
        WORKLOAD_PROXY_CONNECT {
            @Override
            List<String> flags() {
                return List.of("--proxy", "http://" + mesh.proxy("sleep").at("listen"));
            }
        },
        WORKLOAD_PROXY_SOCKS5 {
            @Override
            List<String> flags() {
                return List.of("--proxy", "socks5h://" + mesh.proxy("sleep").at("listen"));
            }
        },
        OWN_CERTIFICATE_HTTP1_CONNECT {
            @Override
            List<String> flags() {
                Path svid = mesh.svid("sleep");
                return List.of(
                        "--proxy",
                        "https://" + mesh.gateway.at("tunnel"),
                        "--proxy-cert",
                        svid.resolve("svid.pem").toString(),
                        "--proxy-key",
                        svid.resolve("key.pem").toString(),
                        "--proxy-cacert",
                        svid.resolve("bundle.pem").toString());
            }
        },
        PLAIN_LISTENER {
            @Override
            List<String> flags() {
                return List.of("--connect-to", "::" + mesh.gateway.at("plain"));
            }
        };

        abstract List<String> flags();
    }

    private static CommandRun curl(Way way, String... words) {
        List<String> all = new ArrayList<>(way.flags());
        all.addAll(List.of(words));
        return mesh.curl(all.toArray(String[]::new)).run();
    }

    @ParameterizedTest
    @EnumSource
    @Case("S18")
    void curl_gets_a_page(Way way) {
        CommandRun run = curl(way, "https://en.wikipedia.org/page");

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.stdout()).isEqualTo("<title>a page</title>\n");
        assertThat(mesh.site.requests().getLast().sni()).isEqualTo("en.wikipedia.org");
    }

    @ParameterizedTest
    @EnumSource
    @Case("S13")
    void a_hundred_megabytes_arrive_unchanged(Way way) throws Exception {
        Path file = directory.resolve(way + ".bin");

        CommandRun run = curl(way, "-o", file.toString(), "https://de.wikipedia.org/bytes/" + BULK);

        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(sha256(file)).isEqualTo(SampleOctets.sha256(BULK));
        Files.delete(file);
    }

    @ParameterizedTest
    @EnumSource
    @Case("S13")
    void an_upload_arrives_unchanged(Way way) throws Exception {
        Path file = directory.resolve("upload-" + way);
        Files.write(file, SampleOctets.of(20_000_000));

        CommandRun run = curl(way, "--data-binary", "@" + file, "https://fr.wikipedia.org/upload");

        assertThat(run.stdout()).as(run.toString()).isEqualTo("20000000 " + SampleOctets.sha256(20_000_000) + "\n");
    }

    /** What Envoy's sidecars do: mutual TLS whose own server name is the host, and the application's TLS within. */
    @Test
    void a_bare_mutual_tls_client_names_the_host_in_the_outer_handshake() {
        String script = """
                import hashlib, socket, ssl, sys
                host, port, svid, root, path = sys.argv[1:6]
                outer = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                outer.check_hostname = False
                outer.load_verify_locations(svid + '/bundle.pem')
                outer.load_cert_chain(svid + '/svid.pem', svid + '/key.pem')
                outer.set_alpn_protocols(['istio'])
                carrier = outer.wrap_socket(socket.create_connection(('127.0.0.1', int(port))), server_hostname=host)
                inner = ssl.create_default_context(cafile=root)
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                tls = inner.wrap_bio(incoming, outgoing, server_hostname=host)
                def call(what, *arguments):
                    while True:
                        try:
                            result = what(*arguments)
                            carrier.sendall(outgoing.read())
                            return result
                        except ssl.SSLWantReadError:
                            carrier.sendall(outgoing.read())
                            octets = carrier.recv(65536)
                            if octets:
                                incoming.write(octets)
                            else:
                                incoming.write_eof()
                call(tls.do_handshake)
                call(tls.write, f'GET {path} HTTP/1.0\\r\\nHost: {host}\\r\\n\\r\\n'.encode())
                answer, digest, count = b'', hashlib.sha256(), 0
                while b'\\r\\n\\r\\n' not in answer:
                    answer += call(tls.read, 65536)
                body = answer[answer.index(b'\\r\\n\\r\\n') + 4:]
                try:
                    while count < int(path.split('/')[-1]):
                        digest.update(body)
                        count += len(body)
                        body = call(tls.read, 65536)
                except ssl.SSLEOFError:
                    pass
                print(count, digest.hexdigest())
                """;

        CommandRun run = Command.of(
                        "python3",
                        "-c",
                        script,
                        "es.wikipedia.org",
                        String.valueOf(mesh.gateway.address("tunnel").getPort()),
                        mesh.svid("sleep-us").toString(),
                        directory.resolve("root.pem").toString(),
                        "/bytes/" + BULK)
                .timeout(Duration.ofSeconds(90))
                .run();

        assertThat(run.stdout()).as(run.toString()).isEqualTo(BULK + " " + SampleOctets.sha256(BULK) + "\n");
    }

    @Test
    @Case("S18")
    void pythons_http_client_goes_through_the_workload_proxy() {
        String script = """
                import http.client, ssl, sys
                proxy, root = sys.argv[1:3]
                connection = http.client.HTTPSConnection(proxy, context=ssl.create_default_context(cafile=root))
                connection.set_tunnel('en.wikipedia.org', 443)
                connection.request('GET', '/page')
                print(connection.getresponse().read().decode(), end='')
                """;

        CommandRun run = Command.of(
                        "python3",
                        "-c",
                        script,
                        mesh.proxy("sleep").at("listen"),
                        directory.resolve("root.pem").toString())
                .run();

        assertThat(run.stdout()).as(run.toString()).isEqualTo("<title>a page</title>\n");
    }

    @Test
    @Case("S18")
    void javas_http_client_goes_through_the_workload_proxy() throws Exception {
        InetSocketAddress proxy = mesh.proxy("sleep").address("listen");
        try (HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.of(proxy))
                .sslContext(mesh.pki.clientContext())
                .build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://en.wikipedia.org/page"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).isEqualTo("<title>a page</title>\n");
        }
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            byte[] chunk = new byte[1 << 16];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
