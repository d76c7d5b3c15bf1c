package dev.exeat.it.faults;

import dev.exeat.it.Program;
import dev.exeat.testkit.BackgroundProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** G23: from the start of a process to its readiness, with so many rules. */
record StartGoal(int rules, Duration limit) implements Measurement {
    @Override
    public String goal() {
        return "G23 start with " + rules + " rules";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Path directory = Files.createTempDirectory("exeat-start");
        StringBuilder yaml = new StringBuilder("""
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: refuse, namespace: istio-system}
                spec:
                  compiledAdapter: denier
                  params:
                    status: {code: 7, message: refused}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: nothing, namespace: istio-system}
                spec:
                  compiledTemplate: checknothing
                """);
        for (int i = 0; i < rules; i++) {
            yaml.append("""
                    ---
                    apiVersion: config.istio.io/v1alpha2
                    kind: rule
                    metadata: {name: rule-%1$d, namespace: istio-system}
                    spec:
                      match: (connection.requested_server_name | "") == "host-%1$d.load.test"
                      actions:
                      - handler: refuse
                        instances: [nothing]
                    """.formatted(i));
            if (i % 5_000 == 4_999 || i == rules - 1) {
                Stand.write(directory.resolve("manifests/" + i + ".yaml"), yaml.toString());
                yaml.setLength(0);
            }
        }
        long began = System.nanoTime();
        BackgroundProcess process = Program.exeat(
                        "up",
                        "--data-dir",
                        directory.resolve("data").toString(),
                        "--manifests",
                        directory.resolve("manifests").toString(),
                        "--tunnel",
                        "127.0.0.1:0",
                        "--api",
                        "127.0.0.1:0",
                        "--admin",
                        "127.0.0.1:0")
                .start();
        try (process) {
            process.awaitLine("ready \\{.*\\}", Duration.ofMinutes(3));
            long took = System.nanoTime() - began;
            return new Figure(
                    took <= limit.toNanos(), "ready after %.1f s (goal %d s)".formatted(took / 1e9, limit.toSeconds()));
        } finally {
            dev.exeat.testkit.Command.of("rm", "-rf", directory.toString()).run();
        }
    }
}
