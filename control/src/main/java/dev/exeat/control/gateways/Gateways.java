package dev.exeat.control.gateways;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateways that report what is in force in them. One that is silent is away after {@link #AWAY} and forgotten after
 * {@link #FORGOTTEN}. At most {@value #MOST} are known. Thread-safe; nothing is kept through a restart, as gateways
 * report again.
 */
public final class Gateways implements AutoCloseable {
    public static final Duration AWAY = Duration.ofSeconds(60);
    public static final Duration FORGOTTEN = Duration.ofMinutes(10);
    static final int MOST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Gateways.class);
    /** After so long without a report a process has ended, and the next may have an earlier start by a clock set back. */
    private static final Duration SUCCEEDED = Duration.ofSeconds(15);

    private static final Duration SWEEP = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Heard> heard = new TreeMap<>();
    private final ScheduledExecutorService sweeping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("exeat-gateways").factory());

    private record Heard(GatewayReport report, long at, boolean live) {}

    private Gateways(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    public static Gateways open() {
        Gateways gateways = new Gateways(System::nanoTime);
        var _ = gateways.sweeping.scheduleWithFixedDelay(
                gateways::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        return gateways;
    }

    /** One whose time a test sets, and which it sweeps itself. */
    static Gateways at(LongSupplier nanoTime) {
        return new Gateways(nanoTime);
    }

    /**
     * Takes a report in place of the gateway's last one.
     *
     * @throws ReportRefusedException if a process that started later reports under the name, as while one takes over from
     *     another; or if too many gateways are known
     */
    public void report(GatewayReport report) {
        boolean news;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            Heard before = heard.get(report.name());
            if (before != null
                    && now - before.at() < SUCCEEDED.toNanos()
                    && report.started().isBefore(before.report().started())) {
                throw new ReportRefusedException(
                        "a process that started later reports as " + report.name()
                                + "; if that is another gateway, give one of them another --name",
                        false);
            }
            if (before == null) {
                makeRoom();
            }
            heard.put(report.name(), new Heard(report, now, true));
            news = before == null || !before.live() || !before.report().equals(report);
        }
        if (news) {
            tell();
        }
    }

    private void makeRoom() {
        if (heard.size() < MOST) {
            return;
        }
        String longest = longestAway();
        if (longest == null) {
            throw new ReportRefusedException("there are " + MOST + " gateways already", true);
        }
        heard.remove(longest);
    }

    private @Nullable String longestAway() {
        long now = nanoTime.getAsLong();
        String longest = null;
        long silence = AWAY.toNanos() - 1;
        for (Heard one : heard.values()) {
            if (now - one.at() > silence) {
                silence = now - one.at();
                longest = one.report().name();
            }
        }
        return longest;
    }

    /** By name. */
    public synchronized List<KnownGateway> known() {
        long now = nanoTime.getAsLong();
        List<KnownGateway> known = new ArrayList<>();
        for (Heard one : heard.values()) {
            long silence = Math.max(0, now - one.at());
            if (silence < FORGOTTEN.toNanos()) {
                known.add(new KnownGateway(one.report(), Duration.ofNanos(silence), silence < AWAY.toNanos()));
            }
        }
        return known;
    }

    /** Whether each live gateway says that it has all changes up to this version. */
    public boolean allHave(long resourceVersion) {
        return known().stream().allMatch(one -> !one.live() || one.report().resourceVersion() >= resourceVersion);
    }

    /** Calls the listener after each change: of a report, of what is away, of what is known. It must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    void sweep() {
        boolean news = false;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            news = heard.values().removeIf(one -> now - one.at() >= FORGOTTEN.toNanos());
            for (Map.Entry<String, Heard> entry : heard.entrySet()) {
                Heard one = entry.getValue();
                if (one.live() && now - one.at() >= AWAY.toNanos()) {
                    entry.setValue(new Heard(one.report(), one.at(), false));
                    LOG.atWarn().addKeyValue("gateway", one.report().name()).log("a gateway reports no longer");
                    news = true;
                }
            }
        }
        if (news) {
            tell();
        }
    }

    private void tell() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a listener of the gateways failed");
            }
        }
    }

    @Override
    public void close() {
        sweeping.shutdownNow();
    }
}
