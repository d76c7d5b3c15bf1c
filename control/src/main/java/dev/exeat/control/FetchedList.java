package dev.exeat.control;

import dev.exeat.policy.ListContent;
import dev.exeat.policy.ProviderSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One list, kept fresh by a virtual thread. Thread-safe. */
final class FetchedList implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchedList.class);

    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final ProviderSpec spec;
    private final ListFetcher fetcher;
    private final InstantSource clock;
    private final Runnable changed;
    private final Thread thread;
    private volatile @Nullable ListContent content;
    private volatile boolean closed;
    private Instant told = Instant.EPOCH;

    private FetchedList(ProviderSpec spec, ListFetcher fetcher, InstantSource clock, Runnable changed) {
        this.spec = spec;
        this.fetcher = fetcher;
        this.clock = clock;
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("exeat-list").unstarted(this::keepFresh);
    }

    /** @param changed is called after the content is another */
    static FetchedList start(ProviderSpec spec, ListFetcher fetcher, InstantSource clock, Runnable changed) {
        FetchedList list = new FetchedList(spec, fetcher, clock, changed);
        list.thread.start();
        return list;
    }

    /** What was fetched last, or null before the first success and after the time to live. */
    @Nullable
    ListContent content() {
        return content;
    }

    private void keepFresh() {
        try {
            while (!closed) {
                Instant started = clock.instant();
                refresh();
                Duration rest = spec.refreshInterval().minus(Duration.between(started, clock.instant()));
                sleepUntilDue(rest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the next fetch, but wakes to drop entries whose time to live ends before it. */
    private void sleepUntilDue(Duration rest) throws InterruptedException {
        ListContent now = content;
        Duration left = rest;
        if (now != null && now.failed()) {
            Duration life = Duration.between(clock.instant(), now.fetchedAt().plus(spec.ttl()));
            if (life.compareTo(left) < 0) {
                Thread.sleep(life.isNegative() ? Duration.ZERO : life);
                purgeWhenDead();
                left = left.minus(life.isNegative() ? Duration.ZERO : life);
            }
        }
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    private void refresh() throws InterruptedException {
        ListContent before = content;
        try {
            List<String> entries = fetch();
            ListContent now = new ListContent(entries, clock.instant(), false);
            content = now;
            if (before == null || before.failed() || !before.entries().equals(entries)) {
                LOG.atInfo()
                        .addKeyValue("url", spec.url())
                        .addKeyValue("entries", entries.size())
                        .log("list fetched");
                tell(now);
            } else if (runsOut(now.fetchedAt())) {
                tell(now);
            }
        } catch (ListFetchException e) {
            LOG.atWarn()
                    .addKeyValue("url", spec.url())
                    .addKeyValue("reason", e.getMessage())
                    .log("list not fetched");
            if (before != null && !before.failed()) {
                content = new ListContent(before.entries(), before.fetchedAt(), true);
                changed.run();
            }
            purgeWhenDead();
        }
    }

    /** Whatever a strange answer does to the readers of lists, the next fetch is to come. */
    private List<String> fetch() throws ListFetchException, InterruptedException {
        try {
            return fetcher.fetch(spec);
        } catch (RuntimeException | StackOverflowError e) {
            throw new ListFetchException("the list cannot be read: " + e);
        }
    }

    private void tell(ListContent now) {
        told = now.fetchedAt();
        changed.run();
    }

    /** A snapshot ends the list's life by the time it was told: a list that only got older is told again in time. */
    private boolean runsOut(Instant now) {
        Instant end = told.plus(spec.ttl());
        return now.plus(spec.refreshInterval().multipliedBy(2)).plus(MARGIN).isAfter(end);
    }

    private void purgeWhenDead() {
        ListContent now = content;
        if (now != null
                && now.failed()
                && !clock.instant().isBefore(now.fetchedAt().plus(spec.ttl()))) {
            LOG.atError().addKeyValue("url", spec.url()).log("list dropped: its time to live has passed");
            content = null;
            changed.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
