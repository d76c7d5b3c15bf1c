package dev.exeat.flow;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Takes lines from any thread without ever blocking it, and writes them on a thread of its own, in batches of whole
 * lines: the first after a pause at once, those that follow within 5 ms. The queue is bounded in lines and in octets.
 * When it is full, lines are dropped; when the sink fails, they are dropped or kept, as the bounds say. The drops are
 * counted and said. Thread-safe.
 */
public final class LineWriter implements SinkCounts, AutoCloseable {
    private static final int BATCH = 64 * 1024;
    private static final int CHUNK = 1024;
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** Between two tries of a sink that fails. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * How much may wait for the sink, and how long its end may take.
     *
     * @param lines that may wait, 0 for no such limit
     * @param close for what was taken before {@link #close}
     * @param pace how lines are gathered
     * @param keeps whether what the sink fails to take is kept and tried again, after pauses of up to ten seconds, rather
     *     than dropped
     */
    public record Bounds(int lines, long octets, Duration close, Pace pace, boolean keeps) {
        public static final Bounds USUAL = new Bounds(64 * 1024, 16 * 1024 * 1024, Duration.ofSeconds(5));

        Bounds(int lines, long octets, Duration close) {
            this(lines, octets, close, Pace.USUAL, false);
        }
    }

    /**
     * How lines are gathered for a sink.
     *
     * @param octets of a batch, but for a single line that is longer
     * @param gather lines that come within this of a batch wait for the next, so that a busy log costs neither a wake-up nor
     *     a write each
     */
    public record Pace(int octets, Duration gather) {
        public static final Pace USUAL = new Pace(BATCH, Duration.ofMillis(5));
    }

    private final String name;
    private final LineSink sink;
    private final Bounds bounds;
    private final Queue<byte[]> queue;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final byte[] batch;
    private final WriterReport report;
    private final Thread thread;
    /** Lines that were taken out of the queue and are not written yet. */
    private volatile int inHand;

    private volatile boolean parked;
    private volatile boolean reopen;
    private volatile boolean closing;
    private volatile boolean ended;

    /**
     * Starts the writer's thread.
     *
     * @param name of the sink, for metrics and the program's log
     */
    public LineWriter(String name, LineSink sink, Bounds bounds) {
        this.name = name;
        this.sink = sink;
        this.bounds = bounds;
        this.queue = bounds.lines == 0
                ? new MpscUnboundedVarHandleArrayQueue<>(CHUNK)
                : new MpscVarHandleArrayQueue<>(bounds.lines);
        this.batch = new byte[bounds.pace.octets];
        this.report = new WriterReport(name, System::nanoTime);
        this.thread = Thread.ofPlatform().name("log-" + name).daemon(true).start(this::run);
    }

    /**
     * Takes a line with its line feed; false, and a drop more, if there is no room or the writer is closed. What is
     * taken while another thread closes the writer is written or counted as dropped.
     */
    public boolean offer(byte[] line) {
        return accept(line, bounds.octets);
    }

    /**
     * Takes a line as {@link #offer} does, whether there is room or not, but for a limit in lines; the caller sees to a bound
     * by {@link #hasRoom}.
     */
    public boolean offerAlways(byte[] line) {
        return accept(line, Long.MAX_VALUE);
    }

    /** Whether less than half of what may wait is waiting. */
    public boolean hasRoom() {
        return waiting.get() < bounds.octets / 2;
    }

    private boolean accept(byte[] line, long octets) {
        if (closing || !queued(line, octets)) {
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

    private boolean queued(byte[] line, long octets) {
        if (waiting.addAndGet(line.length) <= octets && queue.offer(line)) {
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
                reopenIfTold();
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

    private void reopenIfTold() {
        if (reopen) {
            reopen = false;
            closeSink();
        }
    }

    private void gather() {
        if (queue.isEmpty() && !closing && !reopen) {
            LockSupport.parkNanos(this, bounds.pace.gather.toNanos());
        }
    }

    private void park() {
        parked = true;
        if (queue.isEmpty() && !closing && !reopen) {
            LockSupport.parkNanos(this, IDLE.toNanos());
        }
        parked = false;
        if (queue.isEmpty()) {
            settle();
        }
    }

    private void settle() {
        try {
            sink.settle();
        } catch (IOException e) {
            report.failed(e);
        }
    }

    private void writeBatch(byte[] first) {
        int length = 0;
        int lines = 0;
        byte[] line = first;
        while (line != null && line.length <= batch.length - length) {
            System.arraycopy(line, 0, batch, length, line.length);
            length += line.length;
            lines++;
            line = length < batch.length ? queue.poll() : null;
        }
        inHand = line == null ? lines : lines + 1;
        if (lines > 0) {
            write(batch, length, lines);
        }
        if (line != null) {
            inHand = 1;
            write(line, line.length, 1);
        }
        inHand = 0;
    }

    private void write(byte[] bytes, int length, int lines) {
        try {
            Duration pause = FIRST_PAUSE;
            while (!written(bytes, length, lines)) {
                pause(pause);
                pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        } finally {
            waiting.addAndGet(-length);
        }
    }

    /** Writes or drops; false if it is to be tried again. */
    private boolean written(byte[] bytes, int length, int lines) {
        try {
            sink.write(bytes, length);
            written.addAndGet(lines);
            report.works();
            return true;
        } catch (LinesRefusedException e) {
            long refused = Math.clamp(e.lines(), 0, lines);
            dropped.addAndGet(refused);
            written.addAndGet(lines - refused);
            report.failed(e);
            return true;
        } catch (IOException | RuntimeException e) {
            boolean again = bounds.keeps && !closing;
            if (again) {
                report.delayed(e);
            } else {
                dropped.addAndGet(lines);
                report.failed(e);
            }
            closeSink();
            return !again;
        }
    }

    /** Less long where it is told to open the sink anew: then the next try is at once. */
    private void pause(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        long left = pause.toNanos();
        while (left > 0 && !closing && !reopen) {
            report.dropped(dropped.get());
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
        reopenIfTold();
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
    public void stopTaking() {
        closing = true;
        LockSupport.unpark(thread);
    }

    /** Writes what was taken, for as long as the bounds say, and ends the thread. Idempotent. */
    @Override
    public void close() {
        stopTaking();
        try {
            if (!thread.join(bounds.close)) {
                report.stuck(queue.size() + inHand);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
