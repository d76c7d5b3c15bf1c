package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.SinkCounts;
import dev.exeat.flow.WriterReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes records from any thread without ever blocking it, and writes them to a store on a thread of its own, a batch
 * every fifth of a second: what a kill takes away is no older. The queue is bounded; when it is full, or the store fails,
 * records are dropped, and the drops are counted and said. A store that cannot be reached now is waited for, while the
 * queue fills. Thread-safe.
 */
public final class FlowWriter implements SinkCounts, AutoCloseable {
    private static final String NAME = "history";
    private static final int WAITING = 64 * 1024;
    private static final int BATCH = 8 * 1024;
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_PRUNES = Duration.ofSeconds(10);

    private final MpscVarHandleArrayQueue<ConnectionRecord> queue = new MpscVarHandleArrayQueue<>(WAITING);
    private final RecordEncoder encoder = new RecordEncoder();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final WriterReport report = new WriterReport(NAME, System::nanoTime);
    private final FlowTable table;
    private final Retention retention;
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closing;
    private @Nullable Batch waiting;
    private long prunedAt = System.nanoTime();

    private record Batch(List<Entry> entries, int records) {}

    /** Starts the writer's thread, which ends the connections that an earlier process left open, and closes the table. */
    public FlowWriter(FlowTable table, Retention retention, InstantSource clock) {
        this.table = table;
        this.retention = retention;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name(NAME).daemon(true).start(this::run);
    }

    /** Never blocks; a record that finds no room is dropped and counted. */
    public void write(ConnectionRecord record) {
        if (closing || !queue.offer(record)) {
            dropped.incrementAndGet();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public long written() {
        return written.get();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        try (table) {
            closeLost();
            while (!closing || waiting != null || !queue.isEmpty()) {
                long started = System.nanoTime();
                boolean full = writeBatch();
                prune();
                report.dropped(dropped.get());
                if (!full && !closing) {
                    LockSupport.parkNanos(this, INTERVAL.toNanos() - (System.nanoTime() - started));
                }
            }
        } catch (FlowStoreException e) {
            report.failed(e);
        } finally {
            report.ended(dropped.get());
        }
    }

    /** Whether there may be more to write at once. */
    private boolean writeBatch() {
        Batch batch = waiting == null ? take() : waiting;
        if (batch.records() > 0) {
            append(batch);
        }
        return waiting == null && batch.records() == BATCH;
    }

    private Batch take() {
        // A connection that ended within the batch has no open record any more.
        Map<String, ConnectionRecord> latest = new LinkedHashMap<>();
        int taken = 0;
        ConnectionRecord record = queue.poll();
        while (record != null) {
            latest.put(record.id(), record);
            record = ++taken < BATCH ? queue.poll() : null;
        }
        List<Entry> batch = new ArrayList<>(latest.size());
        latest.values().forEach(each -> batch.add(Entry.of(each, encoder)));
        return new Batch(batch, taken);
    }

    private void append(Batch batch) {
        waiting = null;
        try {
            table.append(batch.entries());
            written.addAndGet(batch.records());
            report.works();
        } catch (FlowStoreException e) {
            if (e.isPassing() && !closing) {
                waiting = batch;
            } else {
                dropped.addAndGet(batch.records());
            }
            report.failed(e);
        }
    }

    private void prune() {
        if (System.nanoTime() - prunedAt >= BETWEEN_PRUNES.toNanos()) {
            prunedAt = System.nanoTime();
            try {
                table.prune(retention, clock.instant());
            } catch (FlowStoreException e) {
                report.failed(e);
            }
            closeLost();
        }
    }

    private void closeLost() {
        try {
            table.closeLost();
        } catch (FlowStoreException e) {
            report.failed(e);
        }
    }

    /** Writes what was taken, for at most five seconds, and ends the thread. Idempotent. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSE)) {
                report.stuck(queue.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
