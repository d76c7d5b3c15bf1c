package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.HostileClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tunnels that end before they begin: what the user's rules see of them. */
class TunnelEndsIT {
    @TempDir
    private static Path directory;

    private static Rig rig;

    @BeforeAll
    static void start() throws Exception {
        Program.write(directory.resolve("manifests/ends.yaml"), """
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: denials, namespace: istio-system}
                spec:
                  compiledAdapter: stdio
                  params: {outputAsJson: true}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: denial, namespace: istio-system}
                spec:
                  compiledTemplate: logentry
                  params:
                    severity: '"info"'
                    timestamp: context.time
                    variables:
                      code: check.error_code | 0
                      host: connection.requested_server_name | ""
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: log-denials, namespace: istio-system}
                spec:
                  match: (connection.event | "") == "close" && (check.error_code | 0) != 0
                  actions:
                  - handler: denials
                    instances: [denial]
                """);
        rig = Rig.start(directory);
    }

    @BeforeEach
    void settle() {
        rig.settle();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void a_denied_connect_is_reported_with_its_error_code() throws Exception {
        try (HostileClient client = rig.as("a", "http/1.1")) {
            assertThat(client.connect("denied.test:443")).startsWith("HTTP/1.1 403");
        }

        rig.gateway
                .process()
                .awaitLine(
                        "\"instance\":\"denial\\.instance\\.istio-system\",\"code\":\\d+,"
                                + "\"host\":\"denied\\.test\"",
                        Duration.ofSeconds(5));
    }
}
