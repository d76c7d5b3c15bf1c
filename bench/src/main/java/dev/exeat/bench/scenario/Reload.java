package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.load.Job;
import dev.exeat.bench.result.Metric;
import dev.exeat.bench.subject.ExeatGateway;
import dev.exeat.bench.subject.Running;
import dev.exeat.bench.subject.Site;
import dev.exeat.bench.subject.Subject;
import dev.exeat.bench.wire.AppTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From the change of a manifest to the first connection that is judged by it; one connection after another asks. */
public record Reload() implements Scenario {
    private static final Metric CHANGED = new Metric("changed", "a new rule denies after", "ms", true);
    private static final Metric RESTORED = new Metric("restored", "its removal allows after", "ms", true);
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long PATIENCE = 10_000_000_000L;
    private static final long PAUSE_MILLIS = 200;

    private static final String RULE = """
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: not-now, namespace: istio-system}
            spec:
              match: (connection.requested_server_name | "") == "%s"
              actions:
                - handler: refuse
                  instances: [nothing]
            """.formatted(AppTls.HOST);

    @Override
    public String id() {
        return "reload";
    }

    @Override
    public String title() {
        return "from the change of a manifest to a changed verdict";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(CHANGED, RESTORED);
    }

    @Override
    public void run(Stand stand, Findings findings) {
        Subject exeat = stand.subjects().named(ExeatGateway.NAME);
        Site site = stand.site(id());
        Path prepared = site.directory().resolve("not-now.yaml");
        Path manifest = site.directory().resolve("manifests/not-now.yaml");
        try (Running running = exeat.start(site, Door.PLAIN)) {
            for (int round = -1; round < stand.settings().rounds(); round++) {
                Files.writeString(prepared, RULE);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                long moved = System.nanoTime();
                Files.move(prepared, manifest, StandardCopyOption.ATOMIC_MOVE);
                double changed = millisUntil(stand, running, false, moved);
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                long removed = System.nanoTime();
                Files.delete(manifest);
                double restored = millisUntil(stand, running, true, removed);
                // The first one is to warm up.
                if (round >= 0) {
                    findings.put(round, ExeatGateway.NAME, CHANGED, changed);
                    findings.put(round, ExeatGateway.NAME, RESTORED, restored);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double millisUntil(Stand stand, Running running, boolean allowed, long since) {
        Job one = running.job(Job.Kind.CONNECTIONS).lasting(0);
        while (System.nanoTime() - since < PATIENCE) {
            if (stand.load(one).errors() == 0 == allowed) {
                return (System.nanoTime() - since) / NANOS_PER_MILLI;
            }
        }
        throw new IllegalStateException("a changed manifest never came into force");
    }
}
