package dev.exeat.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSiteTest {
    @TempDir
    Path directory;

    private final TestPki pki = TestPki.create("site test");
    private TlsSite site;

    @BeforeEach
    void start() {
        site = TlsSite.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                pki,
                List.of("en.site.test", "*.de.site.test", "127.0.0.1"),
                Map.of("/", "for all", "en.site.test/", "for en"));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void serves_pages_by_host_to_curl_that_checks_the_certificate() {
        assertThat(curl("en.site.test", "/").stdout()).isEqualTo("for en");
        assertThat(curl("x.de.site.test", "/").stdout()).isEqualTo("for all");

        assertThat(site.requests())
                .extracting(TlsSite.Request::sni, TlsSite.Request::host, TlsSite.Request::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("en.site.test", "en.site.test", "/"),
                        org.assertj.core.groups.Tuple.tuple("x.de.site.test", "x.de.site.test", "/"));
    }

    @Test
    void fails_for_a_name_outside_its_certificate() {
        assertThat(curl("fr.site.test", "/").exitCode()).isEqualTo(60);
    }

    @Test
    void answers_404_for_a_page_it_has_not() {
        assertThat(curl("en.site.test", "/none", "-w", "%{http_code}").stdout()).endsWith("404");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tlsv1.3", "--tls-max 1.2"})
    void speaks_both_versions(String option) {
        assertThat(curl("en.site.test", "/", option.split(" ")).stdout()).isEqualTo("for en");
        assertThat(site.requests().getFirst().tls()).isEqualTo(option.contains("1.3") ? "TLSv1.3" : "TLSv1.2");
    }

    @Test
    void sends_octets_whose_checksum_is_in_the_header() throws Exception {
        Path body = directory.resolve("body");
        CommandRun run = curl("en.site.test", "/bytes/200000", "-o", body.toString(), "-D", "-");

        byte[] octets = Files.readAllBytes(body);
        assertThat(octets).isEqualTo(SampleOctets.of(200_000));
        assertThat(run.stdout()).containsIgnoringCase("x-sha256: " + OctetTally.sha256(octets));
        assertThat(OctetTally.sha256(octets)).isEqualTo(SampleOctets.sha256(200_000));
    }

    @Test
    void digests_an_upload() throws Exception {
        byte[] octets = SampleOctets.of(300_000);
        Path file = Files.write(directory.resolve("upload"), octets);

        CommandRun run = curl("en.site.test", "/upload", "--data-binary", "@" + file);

        assertThat(run.stdout()).isEqualTo("300000 " + OctetTally.sha256(octets) + "\n");
    }

    private CommandRun curl(String host, String path, String... more) {
        String port = Integer.toString(site.port());
        return Command.of("curl", "-sS", "--noproxy", "*", "--cacert")
                .with(pki.writeRoot(directory.resolve("ca.pem")).toString())
                .with("--connect-to", "::127.0.0.1:" + port, "https://" + host + ":" + port + path)
                .with(more)
                .run();
    }
}
