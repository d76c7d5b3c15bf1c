package dev.exeat.proxy.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvConfTest {
    @TempDir
    private Path directory;

    @Test
    void reads_the_first_three_servers() throws IOException {
        Path file = directory.resolve("resolv.conf");
        Files.writeString(
                file,
                "# comment\nsearch example.com\nnameserver 192.0.2.1\n nameserver\t2001:db8::53 # main\n"
                        + "nameserver fe80::1%eth0\nnameserver not.an.address\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n");
        assertThat(ResolvConf.servers(file))
                .extracting(InetSocketAddress::toString)
                .containsExactly("/192.0.2.1:53", "/[2001:db8:0:0:0:0:0:53]:53", "/192.0.2.3:53");
    }

    @Test
    void falls_back_to_this_machine() {
        assertThat(ResolvConf.servers(directory.resolve("missing")))
                .extracting(InetSocketAddress::toString)
                .containsExactly("/127.0.0.1:53");
    }

    @Test
    void reads_the_last_line_of_search_domains() throws IOException {
        Path file = directory.resolve("resolv.conf");
        Files.writeString(file, "domain old.example\nsearch ns.svc.cluster.local\tcorp.example. .\nnameserver ::1\n");

        assertThat(ResolvConf.searchDomains(file)).containsExactly("ns.svc.cluster.local", "corp.example");
        assertThat(ResolvConf.searchDomains(directory.resolve("missing"))).isEmpty();
    }
}
