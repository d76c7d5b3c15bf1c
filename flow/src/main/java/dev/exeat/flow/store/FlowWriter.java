package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.SinkCounts;
import dev.exeat.flow.WriterReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Takes records from any thread without ever blocking it, and writes them to a store on a thread of its own, a batch
 * every fifth of a second: what a kill takes away is no older. The queue is bounded, and half of it is for final records
 * alone; when it is full, or the store fails, records are dropped, and the drops are counted and said. A connection whose
 * final record is dropped ends in the store as lost. A store that cannot be reached now is waited for, while the queue
 * fills. Thread-safe.
 */
public final class FlowWriter implements SinkCounts, AutoCloseable {
    private static final String NAME = "history";
    private static final int WAITING = 64 * 1024;
    private static final int WAITING_OPEN = WAITING / 2;
    private static final int BATCH = 8 * 1024;
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofSeconds(10);

    private final MpscVarHandleArrayQueue<ConnectionRecord> queue = new MpscVarHandleArrayQueue<>(WAITING);

    /** Of which an open record was taken, and the final one is to come: no more than there are connections. */
    private final Set<String> opened = ConcurrentHashMap.newKeySet();

    /** Of those, the ones whose final record was dropped. */
    private final Queue<String> unended = new ConcurrentLinkedQueue<>();

    private final RecordEncoder encoder = new RecordEncoder();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final WriterReport report = new WriterReport(NAME, System::nanoTime);
    private final FlowTable table;
    private final Retention retention;
    private final InstantSource clock;
    private final Thread thread;
    private volatile boolean closing;
    private final List<String> givenUp = new ArrayList<>();
    private @Nullable Batch waiting;
    private long tendedAt = System.nanoTime();
    private boolean more = true;

    /** @param last whether it holds all that had been offered when it was taken */
    private record Batch(List<Entry> entries, int records, boolean last) {}

    /** Starts the writer's thread, which ends the connections that an earlier process left open, and closes the table. */
    public FlowWriter(FlowTable table, Retention retention, InstantSource clock) {
        this.table = table;
        this.retention = retention;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name(NAME).daemon(true).start(this::run);
    }

    /** Never blocks; a record that finds no room is dropped and counted. */
    public void write(ConnectionRecord record) {
        boolean begins = record.event() == Event.OPEN;
        boolean taken = !closing && (begins ? queue.offerIfBelowThreshold(record, WAITING_OPEN) : queue.offer(record));
        if (!taken) {
            dropped.incrementAndGet();
        }
        if (begins) {
            if (taken) {
                opened.add(record.id());
            }
        } else if (opened.remove(record.id()) && !taken) {
            unended.add(record.id());
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
            attempt(table::closeLost);
            while (!closing || waiting != null || !queue.isEmpty()) {
                long started = System.nanoTime();
                boolean full = writeBatch();
                tend();
                report.dropped(dropped.get());
                if (!full && !closing) {
                    LockSupport.parkNanos(this, INTERVAL.toNanos() - (System.nanoTime() - started));
                }
            }
        } catch (RuntimeException e) {
            report.neglected(e);
        } finally {
            report.ended(dropped.get());
        }
    }

    /** Whether there may be more to write at once. */
    private boolean writeBatch() {
        Batch batch = waiting == null ? take() : waiting;
        waiting = null;
        if (batch.records() > 0) {
            append(batch);
        }
        if (batch.last() && waiting == null) {
            // Not before: their open records may be among what waited.
            table.giveUp(givenUp);
            givenUp.clear();
        }
        return !batch.last();
    }

    private Batch take() {
        for (String id = unended.poll(); id != null; id = unended.poll()) {
            givenUp.add(id);
        }
        // A connection that ended within the batch has no open record any more.
        Map<String, ConnectionRecord> latest = new LinkedHashMap<>();
        int taken = 0;
        ConnectionRecord record = queue.poll();
        while (record != null) {
            latest.put(record.id(), record);
            record = ++taken < BATCH ? queue.poll() : null;
        }
        List<Entry> batch = new ArrayList<>(latest.size());
        latest.values().forEach(each -> add(each, batch));
        return new Batch(batch, taken - (latest.size() - batch.size()), taken < BATCH);
    }

    /** One of which the facts cannot be told costs no other. */
    private void add(ConnectionRecord record, List<Entry> batch) {
        try {
            batch.add(Entry.of(record, encoder));
        } catch (RuntimeException e) {
            dropped.incrementAndGet();
            givenUp.add(record.id());
            report.failed(e);
        }
    }

    private void append(Batch batch) {
        try {
            table.append(batch.entries());
            written.addAndGet(batch.records());
            report.works();
        } catch (RuntimeException e) {
            if (e instanceof FlowStoreException store && store.isPassing() && !closing) {
                waiting = batch;
                report.delayed(e);
            } else {
                drop(batch);
                report.failed(e);
            }
        }
    }

    private void drop(Batch batch) {
        dropped.addAndGet(batch.records());
        table.giveUp(batch.entries().stream()
                .filter(entry -> !entry.open())
                .map(Entry::id)
                .toList());
    }

    private void tend() {
        boolean due = System.nanoTime() - tendedAt >= BETWEEN.toNanos();
        boolean well = true;
        if (due) {
            tendedAt = System.nanoTime();
            well = attempt(table::closeLost);
        }
        if ((due || more) && !closing) {
            more = false;
            well &= attempt(() -> more = table.prune(retention, clock.instant()));
        }
        if (due && well) {
            report.tended();
        }
    }

    private boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException e) {
            if (waiting == null) {
                report.neglected(e);
            }
            return false;
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
