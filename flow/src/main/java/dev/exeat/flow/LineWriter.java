package dev.exeat.flow;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Takes lines from any thread without ever blocking it, and writes them on a thread of its own, in batches of whole
 * lines: the first after a pause at once, those that follow within 5 ms. The queue is bounded in lines and in octets.
 * When it is full, or the sink fails, lines are dropped; the drops are counted and said. Thread-safe.
 */
public final class LineWriter implements SinkCounts, AutoCloseable {
    private static final int BATCH = 64 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** Lines that come within this of a batch wait for the next, so that a busy log costs neither a wake-up nor a write each. */
    private static final Duration GATHER = Duration.ofMillis(5);

    /**
     * How much may wait for the sink, and how long its end may take.
     *
     * @param close for what was taken before {@link #close}
     */
    record Bounds(int lines, long octets, Duration close) {
        static final Bounds USUAL = new Bounds(64 * 1024, 16 * 1024 * 1024, Duration.ofSeconds(5));
    }

    private final String name;
    private final LineSink sink;
    private final Bounds bounds;
    private final MpscVarHandleArrayQueue<byte[]> queue;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final byte[] batch = new byte[BATCH];
    private final WriterReport report;
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean reopen;
    private volatile boolean closing;
    private volatile boolean ended;

    /**
     * Starts the writer's thread.
     *
     * @param name of the sink, for metrics and the program's log
     */
    LineWriter(String name, LineSink sink, Bounds bounds) {
        this.name = name;
        this.sink = sink;
        this.bounds = bounds;
        this.queue = new MpscVarHandleArrayQueue<>(bounds.lines);
        this.report = new WriterReport(name, System::nanoTime);
        this.thread = Thread.ofPlatform().name("log-" + name).daemon(true).start(this::run);
    }

    /**
     * Takes a line with its line feed; false, and a drop more, if there is no room or the writer is closed. What is
     * taken while another thread closes the writer is written or counted as dropped.
     */
    public boolean offer(byte[] line) {
        if (closing || !queued(line)) {
            dropped.incrementAndGet();
            return false;
        }
        if (ended) {
            dropRest();
            return true;
        }
        // Without the fence the line could become visible after the flag was read, and the writer sleep on.
        VarHandle.fullFence();
        if (parked) {
            parked = false;
            LockSupport.unpark(thread);
        }
        return true;
    }

    private boolean queued(byte[] line) {
        if (waiting.addAndGet(line.length) <= bounds.octets && queue.offer(line)) {
            return true;
        }
        waiting.addAndGet(-line.length);
        return false;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long written() {
        return written.get();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    /** Opens the file anew before the next line, after somebody moved it away. */
    public void reopen() {
        reopen = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!closing || !queue.isEmpty()) {
                if (reopen) {
                    reopen = false;
                    closeSink();
                }
                byte[] line = queue.poll();
                if (line == null) {
                    park();
                } else {
                    writeBatch(line);
                    gather();
                }
                report.dropped(dropped.get());
            }
        } finally {
            ended = true;
            dropRest();
            closeSink();
            report.ended(dropped.get());
        }
    }

    private void gather() {
        if (queue.isEmpty() && !closing && !reopen) {
            LockSupport.parkNanos(this, GATHER.toNanos());
        }
    }

    private void park() {
        parked = true;
        if (queue.isEmpty() && !closing && !reopen) {
            LockSupport.parkNanos(this, IDLE.toNanos());
        }
        parked = false;
    }

    private void writeBatch(byte[] first) {
        int length = 0;
        int lines = 0;
        byte[] line = first;
        while (line != null && line.length <= BATCH - length) {
            System.arraycopy(line, 0, batch, length, line.length);
            length += line.length;
            lines++;
            line = length < BATCH ? queue.poll() : null;
        }
        if (lines > 0) {
            write(batch, length, lines);
        }
        if (line != null) {
            write(line, line.length, 1);
        }
    }

    private void write(byte[] bytes, int length, int lines) {
        try {
            sink.write(bytes, length);
            written.addAndGet(lines);
            report.works();
        } catch (IOException | RuntimeException e) {
            dropped.addAndGet(lines);
            report.failed(e);
            closeSink();
        } finally {
            waiting.addAndGet(-length);
        }
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (IOException e) {
            report.failed(e);
        }
    }

    /** Counts what came after the writer's end. The queue knows one consumer, hence one thread at a time. */
    private synchronized void dropRest() {
        while (queue.poll() != null) {
            dropped.incrementAndGet();
        }
    }

    /** Takes no more lines from now on. */
    void stopTaking() {
        closing = true;
        LockSupport.unpark(thread);
    }

    /** Writes what was taken, for as long as the bounds say, and ends the thread. Idempotent. */
    @Override
    public void close() {
        stopTaking();
        try {
            if (!thread.join(bounds.close)) {
                report.stuck(queue.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
