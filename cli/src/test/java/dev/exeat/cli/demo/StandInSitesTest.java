package dev.exeat.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandInSitesTest {
    @TempDir
    Path directory;

    @Test
    void curl_trusts_them_and_finds_the_titles_of_the_story() throws Exception {
        Shell shell = new Shell(directory, new HashMap<>(System.getenv()));
        try (StandInSites sites = new StandInSites(directory.resolve("ca.pem"))) {
            for (Map.Entry<Site, Integer> site : sites.ports().entrySet()) {
                CommandResult result = shell.run(
                        "curl -s --noproxy '*' --cacert ca.pem --connect-to ::127.0.0.1:" + site.getValue() + " "
                                + site.getKey().url() + " | grep -o \"<title>.*</title>\"",
                        Map.of("LC_ALL", "C"));

                assertThat(result.lines()).containsExactly(site.getKey().titleTag());
            }
        }
    }

    @Test
    void each_has_a_certificate_for_its_own_name_alone() throws Exception {
        Shell shell = new Shell(directory, new HashMap<>(System.getenv()));
        try (StandInSites sites = new StandInSites(directory.resolve("ca.pem"))) {
            CommandResult result = shell.run(
                    "curl -sS --noproxy '*' --cacert ca.pem --connect-to ::127.0.0.1:"
                            + sites.ports().get(Site.GERMAN) + " " + Site.ENGLISH.url(),
                    Map.of());

            assertThat(result.exitCode()).isEqualTo(60);
        }
    }
}
