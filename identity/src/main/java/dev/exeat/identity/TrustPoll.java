package dev.exeat.identity;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks again and again whom a server trusts, on a thread of its own, until it is closed. While the server is away the
 * last good answer stays in force, and the log says so: once at the first failure, then each minute as an alarm.
 */
final class TrustPoll implements AutoCloseable {
    private static final Duration ALARM_EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(TrustPoll.class);

    private final ServerTrustList list;
    private final Duration interval;
    private final Consumer<ServerTrustList.Trust> changed;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long failingSince;
    private long alarmed;
    private boolean failing;

    /**
     * @param list which was asked just now; closed by this
     * @param changed is told of each other answer
     */
    TrustPoll(ServerTrustList list, Duration interval, Consumer<ServerTrustList.Trust> changed) {
        this.list = list;
        this.interval = interval;
        this.changed = changed;
        Thread.ofVirtual().name("trust-poll").start(this::run);
    }

    private void run() {
        RandomGenerator random = RandomGenerator.getDefault();
        try (list) {
            // Many gateways that start at once shall not ask at once.
            while (!closed.await((long) (interval.toMillis() * random.nextDouble(0.8, 1.0)), TimeUnit.MILLISECONDS)) {
                ask();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        try {
            list.ask().ifPresent(changed);
            if (failing) {
                LOG.atInfo().log("the server tells its revocations again");
            }
            failing = false;
        } catch (RuntimeException e) {
            // Whatever it is, the next try may succeed.
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        long now = System.nanoTime();
        if (!failing) {
            failing = true;
            failingSince = now;
            alarmed = now;
            LOG.atWarn().addKeyValue("problem", e.getMessage()).log("the last good revocations stay in force");
        } else if (now - alarmed >= ALARM_EVERY.toNanos()) {
            alarmed = now;
            LOG.atError()
                    .addKeyValue("problem", e.getMessage())
                    .addKeyValue("seconds", TimeUnit.NANOSECONDS.toSeconds(now - failingSince))
                    .log("ALARM: revocations are not known since then; the last good ones stay in force");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
