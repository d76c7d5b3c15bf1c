package dev.exeat.it.faults;

import dev.exeat.it.ApiConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Watches of one list of the API, each of which has to see each change once, in order. */
final class ApiWatchers {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final String VERSION = "\"resourceVersion\":\"";

    private final List<Watcher> watchers = new ArrayList<>();

    private record Event(long version, long at) {}

    private static final class Watcher {
        private final List<Event> events = new ArrayList<>();
        private final Thread thread;
        private volatile long seen;

        Watcher(Stream<String> lines) {
            this.thread = Thread.ofVirtual().start(() -> {
                try (lines) {
                    lines.forEach(this::line);
                } catch (RuntimeException e) {
                    // Its end: what it has not seen is missing.
                }
            });
        }

        private void line(String line) {
            long now = System.nanoTime();
            int start = line.indexOf(VERSION) + VERSION.length();
            long version = Long.parseLong(line, start, line.indexOf('"', start), 10);
            events.add(new Event(version, now));
            seen = version;
        }
    }

    /**
     * What all saw.
     *
     * @param delays from a write's acknowledgement to a watcher's sight of it; less than nothing where it came before
     * @param events how many each saw
     * @param missing writes that a watcher did not see
     * @param disorder events that came twice or before an earlier one
     */
    record Seen(List<Long> delays, long events, long missing, long disorder) {
        boolean complete() {
            return missing == 0 && disorder == 0;
        }

        @Override
        public String toString() {
            return "a watcher sees a write p50 %.0f ms, p99 %.0f ms, at most %.0f ms after it is acknowledged; %d events each, %d missing, %d twice or out of order"
                    .formatted(
                            Load.quantile(delays, 0.5) / 1e6,
                            Load.quantile(delays, 0.99) / 1e6,
                            Load.quantile(delays, 1) / 1e6,
                            events,
                            missing,
                            disorder);
        }
    }

    static ApiWatchers open(ApiConnection api, int count, String path) throws IOException, InterruptedException {
        ApiWatchers all = new ApiWatchers();
        long version = api.get(path + "?limit=1").version();
        for (int i = 0; i < count; i++) {
            all.watchers.add(new Watcher(api.watch(path + "?watch=true&resourceVersion=" + version)));
        }
        return all;
    }

    /** @param acknowledged when each version was that each must have seen */
    Seen close(SortedMap<Long, Long> acknowledged) throws InterruptedException {
        long limit = System.nanoTime() + PATIENCE_NANOS;
        List<Long> delays = new ArrayList<>();
        long events = 0;
        long missing = 0;
        long disorder = 0;
        for (Watcher watcher : watchers) {
            while (watcher.seen < acknowledged.lastKey() && System.nanoTime() < limit) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        for (Watcher watcher : watchers) {
            watcher.thread.interrupt();
            watcher.thread.join();
            HashSet<Long> seen = new HashSet<>();
            long last = 0;
            for (Event event : watcher.events) {
                disorder += event.version() <= last ? 1 : 0;
                last = event.version();
                seen.add(last);
                Long at = acknowledged.get(last);
                if (at != null) {
                    delays.add(event.at() - at);
                }
            }
            events += watcher.events.size();
            missing += acknowledged.keySet().stream()
                    .filter(version -> !seen.contains(version))
                    .count();
        }
        return new Seen(delays, events / Math.max(1, watchers.size()), missing, disorder);
    }
}
