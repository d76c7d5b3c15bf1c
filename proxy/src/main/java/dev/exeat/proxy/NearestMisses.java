package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.model.Attempt;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Snapshot;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what would nearly have let denied connections pass, after they were refused and on a thread of its own: it
 * means asking every rule there is. The thread works for a twentieth of each second, and remembers what it found for a
 * caller, a host and a policy; a record for which neither suffices, or for which there is no room in the queue, goes on
 * without. Thread-safe, and never blocks who gives a record.
 */
public final class NearestMisses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NearestMisses.class);
    private static final int WAITING = 4096;
    private static final int KNOWN = 4096;
    static final Duration PERIOD = Duration.ofSeconds(1);
    static final Duration WORK = Duration.ofMillis(50);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final MpscVarHandleArrayQueue<Denied> queue = new MpscVarHandleArrayQueue<>(WAITING);
    private final AtomicLong skipped = new AtomicLong();
    private final LongSupplier nanoTime;
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean closing;
    private volatile boolean ended;

    /** Of the thread alone. */
    private final Map<Key, String> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, String> eldest) {
            return size() > KNOWN;
        }
    };

    private long periodBegan;
    private long worked;

    /**
     * A record that waits.
     *
     * @param policy the one that denied
     * @param then takes the record with what was found
     */
    record Denied(ConnectionRecord record, Denial denial, Snapshot policy, Consumer<ConnectionRecord> then) {}

    /** @param caller the identity, or the address of one that has none */
    private record Key(String caller, String target, String digest) {
        static Key of(Denial denial) {
            Attempt attempt = denial.attempt();
            return new Key(
                    String.valueOf(attempt.source() == null ? attempt.sourceAddress() : attempt.source()),
                    attempt.target().toString(),
                    denial.digest());
        }
    }

    public NearestMisses() {
        this(System::nanoTime);
    }

    /** @param nanoTime a clock as {@link System#nanoTime} */
    NearestMisses(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.periodBegan = nanoTime.getAsLong();
        this.thread = Thread.ofPlatform().name("nearest-miss").daemon(true).start(this::run);
    }

    /** Has the record completed and handed on; at once and as it is, where there is no room. */
    void complete(Denied denied) {
        if (closing || !queue.offer(denied)) {
            skipped.incrementAndGet();
            denied.then().accept(denied.record());
            return;
        }
        if (ended) {
            handOnRest();
            return;
        }
        // Without the fence the record could become visible after the flag was read, and the thread sleep on.
        VarHandle.fullFence();
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
        }
    }

    /** Records that went on without being looked at. */
    public long skipped() {
        return skipped.get();
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                Denied denied = queue.poll();
                if (denied == null) {
                    park();
                } else {
                    handOn(denied, completed(denied));
                }
            }
        } finally {
            ended = true;
            handOnRest();
        }
    }

    /** What came after the thread's end. The queue knows one consumer, hence one thread at a time. */
    private synchronized void handOnRest() {
        Denied denied = queue.poll();
        while (denied != null) {
            skipped.incrementAndGet();
            handOn(denied, denied.record());
            denied = queue.poll();
        }
    }

    private void park() {
        parked = true;
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, IDLE.toNanos());
        }
        parked = false;
    }

    private static void handOn(Denied denied, ConnectionRecord record) {
        try {
            denied.then().accept(record);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a record could not be handed on");
        }
    }

    private ConnectionRecord completed(Denied denied) {
        Key key = Key.of(denied.denial());
        String miss = known.get(key);
        if (miss == null && mayWork()) {
            miss = find(denied);
            known.put(key, miss);
        }
        if (miss == null) {
            skipped.incrementAndGet();
            return denied.record();
        }
        return miss.isEmpty() ? denied.record() : denied.record().withNearestMiss(miss);
    }

    private boolean mayWork() {
        long periods = (nanoTime.getAsLong() - periodBegan) / PERIOD.toNanos();
        periodBegan += periods * PERIOD.toNanos();
        // What one look took too long is taken from the periods that follow.
        worked = Math.max(0, worked - periods * WORK.toNanos());
        return worked < WORK.toNanos();
    }

    private String find(Denied denied) {
        long began = nanoTime.getAsLong();
        try {
            return denied.policy().nearestMiss(denied.denial().attempt());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the nearest miss could not be told");
            return "";
        } finally {
            worked += nanoTime.getAsLong() - began;
        }
    }

    /** Hands on what waits, for at most five seconds. Idempotent. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
