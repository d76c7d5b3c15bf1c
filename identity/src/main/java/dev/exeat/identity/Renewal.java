package dev.exeat.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews an SVID before it expires, as often as it takes, on a thread of its own, until it is closed. */
final class Renewal implements AutoCloseable {
    /** Seldom waits longer than this, because the wall clock may step while it waits. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

    private final Supplier<Svid> renew;
    private final InstantSource clock;
    private final Duration longestWait;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final CountDownLatch closed = new CountDownLatch(1);

    private RenewalTimes times;
    private Instant next;
    private int failures;

    /**
     * @param first the SVID to start from, obtained just now
     * @param renew obtains and installs the next; throws if it cannot
     */
    Renewal(Svid first, Supplier<Svid> renew, InstantSource clock, Duration longestWait) {
        this(first, renew, clock, longestWait, false);
    }

    /** The same where the first is to be renewed at once. */
    static Renewal due(Svid first, Supplier<Svid> renew, InstantSource clock, Duration longestWait) {
        return new Renewal(first, renew, clock, longestWait, true);
    }

    private Renewal(Svid first, Supplier<Svid> renew, InstantSource clock, Duration longestWait, boolean due) {
        this.renew = renew;
        this.clock = clock;
        this.longestWait = longestWait;
        this.times = new RenewalTimes(clock.instant(), first.notAfter());
        this.next = due ? clock.instant() : times.due(random.nextDouble());
        Thread.ofVirtual().name("svid-renewal").start(this::run);
    }

    private void run() {
        try {
            while (!closed.await(untilNext().toNanos(), TimeUnit.NANOSECONDS)) {
                if (!clock.instant().isBefore(next)) {
                    attempt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration untilNext() {
        Duration left = Duration.between(clock.instant(), next);
        return left.compareTo(longestWait) > 0 ? longestWait : left;
    }

    private void attempt() {
        try {
            Svid svid = renew.get();
            failures = 0;
            times = new RenewalTimes(clock.instant(), svid.notAfter());
            next = times.due(random.nextDouble());
            LOG.atInfo()
                    .addKeyValue("id", svid.id())
                    .addKeyValue("not_after", svid.notAfter())
                    .log("the SVID is renewed");
        } catch (RuntimeException e) {
            // Whatever it is, the current SVID may still be good, and the next try may succeed.
            failures++;
            Instant now = clock.instant();
            next = now.plus(times.retry(failures, random.nextDouble()));
            boolean alarm = !now.isBefore(times.alarm());
            (alarm ? LOG.atError() : LOG.atWarn())
                    .addKeyValue("not_after", times.notAfter())
                    .addKeyValue("failures", failures)
                    .addKeyValue("problem", e.getMessage())
                    .log(
                            alarm
                                    ? "ALARM: the SVID is not renewed and soon expires; then no peer takes it"
                                    : "cannot renew the SVID; trying again");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
