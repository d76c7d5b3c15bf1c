package dev.exeat.bench;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.OuterTls;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Source;
import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowWriter;
import dev.exeat.flow.store.PostgresAddress;
import dev.exeat.flow.store.PostgresFlows;
import dev.exeat.flow.store.Retention;
import dev.exeat.flow.store.SqliteFlows;
import dev.exeat.flow.store.Window;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what a history costs: processor time of its thread for a record, and the time to read all of them. Processor
 * time, because it hardly depends on what else the machine does.
 */
@Command(name = "history", description = "Measures what the history of connections costs for each record.")
final class HistoryCommand implements Callable<Integer> {
    private static final String THREAD = "history";
    private static final int STEP = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Option(names = "--records", paramLabel = "N", description = "So many after those that warm up (${DEFAULT-VALUE}).")
    int records = 200_000;

    @Option(names = "--rate", paramLabel = "N", description = "So many in a second (${DEFAULT-VALUE}).")
    int rate = 10_000;

    @Option(
            names = "--size",
            paramLabel = "MIB",
            description = "The history may grow so large, and forgets the oldest beyond (${DEFAULT-VALUE}).")
    int size = 64;

    @Option(
            names = "--history",
            paramLabel = "URL",
            description =
                    "In this database, postgresql://USER@HOST/DATABASE with the password in PGPASSWORD; else in a file.")
    @Nullable
    String url;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what can be asked for.")
    boolean help;

    @Override
    public Integer call() throws IOException {
        Path directory = Files.createTempDirectory("exeat-history");
        Path file = directory.resolve(SqliteFlows.FILE);
        FlowStore store = url == null
                ? new SqliteFlows(file)
                : new PostgresFlows(PostgresAddress.parse(url), () -> System.getenv("PGPASSWORD"));
        try {
            write(store);
            if (url == null) {
                System.out.printf(Locale.ROOT, "octets of the file: %d%n", Files.size(file));
            }
            read(store);
        } finally {
            for (String end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(directory.resolve(SqliteFlows.FILE + end));
            }
            Files.delete(directory);
        }
        return 0;
    }

    private void write(FlowStore store) {
        Retention kept = new Retention(Retention.USUAL.records(), Retention.USUAL.minutes(), (long) size << 20);
        try (FlowWriter writer = new FlowWriter(store.table(), kept, InstantSource.system())) {
            long thread = Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().equals(THREAD))
                    .findFirst()
                    .orElseThrow()
                    .threadId();
            offer(writer, 0);
            long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
            long begun = System.nanoTime();
            offer(writer, records);
            long took = System.nanoTime() - begun;
            long processor = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - before;
            System.out.printf(
                    Locale.ROOT,
                    "written: %d in %.1f s, %d dropped; processor time for a record: %.2f us, %.1f %% of a core%n",
                    records,
                    took / 1e9,
                    writer.dropped(),
                    processor / 1e3 / records,
                    100.0 * processor / took);
        }
    }

    /** Hands over as many as are measured, at the rate, and waits until they are written. */
    private void offer(FlowWriter writer, int from) {
        long begun = System.nanoTime();
        for (int i = 0; i < records; i++) {
            writer.write(record(from + i));
            if (i % STEP == 0) {
                long due = begun + i * 1_000_000_000L / rate;
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (writer.written() + writer.dropped() < from + records && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Of fifty identities and five hundred hosts. */
    private static ConnectionRecord record(int number) {
        ServerName host = new ServerName("h" + number % 500 + ".example.com");
        return new ConnectionRecord(
                "bench0-" + number,
                Instant.now(),
                Event.FINAL,
                "tunnel",
                "connect-h2",
                new Source(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/a" + number % 50), "10.1.2.3", 4567),
                new Names(host.value(), "gateway.test", 443),
                new Route(List.of("192.0.2.1"), List.of(), List.of(), "192.0.2.1:443"),
                new Ruling(Verdict.ALLOWED, null, null, "", null, "0123456789abcdef"),
                new HelloFacts(host, host.value(), List.of(0x0304, 0x0303), List.of("h2"), false, true, 517),
                new OuterTls("TLSv1.3", "h2", true),
                new Traffic(1_000, 2_000, ""),
                new Durations(1_000, 2_000, 3_000, 4_000, 5_000, 600_000));
    }

    private static void read(FlowStore store) {
        try (FlowHistory history = store.history()) {
            long[] count = new long[1];
            long begun = System.nanoTime();
            history.read(FlowFilter.ALL, Window.ALL, _ -> {
                count[0]++;
                return true;
            });
            double took = (System.nanoTime() - begun) / 1e9;
            System.out.printf(Locale.ROOT, "read: %d in %.1f s, %.0f in a second%n", count[0], took, count[0] / took);
        }
    }
}
