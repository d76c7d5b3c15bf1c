package dev.exeat.control.gateways;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what is in force: at once, after each change and every ten seconds, on a thread of its own. */
public final class GatewayReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayReporter.class);
    private static final Duration EVERY = Duration.ofSeconds(10);
    /** Changes that come close to each other are told once. */
    private static final Duration GAP = Duration.ofMillis(20);

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Configuration configuration;
    private final Self self;
    private final Consumer<GatewayReport> to;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private boolean failing;

    /** What of a report stays the same. */
    public record Self(String name, String version, Instant started) {}

    private GatewayReporter(Configuration configuration, Self self, Consumer<GatewayReport> to) {
        this.configuration = configuration;
        this.self = self;
        this.to = to;
        this.thread = Thread.ofVirtual().name("gateway-reports").unstarted(this::run);
    }

    /** @param to takes a report; may block, and throws where it could not deliver it, which is tried again */
    public static GatewayReporter start(Configuration configuration, Self self, Consumer<GatewayReport> to) {
        GatewayReporter reporter = new GatewayReporter(configuration, self, to);
        configuration.onChange(_ -> reporter.changes.release());
        reporter.thread.start();
        return reporter;
    }

    private void run() {
        try {
            while (true) {
                boolean told = tell();
                Thread.sleep(told ? GAP : AGAIN);
                if (told) {
                    boolean _ = changes.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                }
                changes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell() {
        ConfigurationState state = configuration.state();
        try {
            to.accept(new GatewayReport(
                    self.name(), state.snapshot().digest(), state.resourceVersion(), self.version(), self.started()));
            failing = false;
            return true;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.atWarn()
                        .addKeyValue("problem", e.getMessage())
                        .log("what is in force here cannot be reported; trying again");
            }
            failing = true;
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
