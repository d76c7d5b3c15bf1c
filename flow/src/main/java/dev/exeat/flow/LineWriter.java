package dev.exeat.flow;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes lines from any thread without ever blocking it, and writes them on a thread of its own. When the queue is full,
 * or the sink fails, lines are dropped, and the drops are counted and said. Thread-safe.
 */
public final class LineWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);
    private static final int BATCH = 64 * 1024;
    private static final Duration IDLE = Duration.ofMillis(50);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

    private final String name;
    private final LineSink sink;
    private final MpscVarHandleArrayQueue<byte[]> queue;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean reopen;
    private volatile boolean closing;
    private long saidDropped;
    private long saidAt = System.nanoTime() - SAY_AGAIN.toNanos();

    /**
     * Starts the writer's thread.
     *
     * @param name of the sink, for metrics and the program's log
     * @param capacity in lines
     */
    LineWriter(String name, LineSink sink, int capacity) {
        this.name = name;
        this.sink = sink;
        this.queue = new MpscVarHandleArrayQueue<>(capacity);
        this.thread = Thread.ofPlatform().name("log-" + name).daemon(true).start(this::run);
    }

    /** Takes a line; false, and a drop more, if there is no room or the writer is closed. */
    public boolean offer(byte[] line) {
        if (closing || !queue.offer(line)) {
            dropped.incrementAndGet();
            return false;
        }
        if (parked) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    public String name() {
        return name;
    }

    /** Lines that reached the sink. */
    public long written() {
        return written.get();
    }

    /** Lines that did not, because the queue was full or the sink failed. */
    public long dropped() {
        return dropped.get();
    }

    /** Opens the file anew before the next line, after somebody moved it away. */
    public void reopen() {
        reopen = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        byte[] batch = new byte[BATCH];
        while (true) {
            if (reopen) {
                reopen = false;
                closeSink();
            }
            byte[] line = queue.poll();
            if (line != null) {
                batch = writeBatch(line, batch);
                sayDropped();
            } else if (closing) {
                closeSink();
                sayDropped();
                return;
            } else {
                park();
            }
        }
    }

    private void park() {
        parked = true;
        if (queue.isEmpty() && !closing && !reopen) {
            LockSupport.parkNanos(this, IDLE.toNanos());
        }
        parked = false;
    }

    private byte[] writeBatch(byte[] first, byte[] batch) {
        int length = 0;
        int lines = 0;
        byte[] line = first;
        while (line != null) {
            if (batch.length - length < line.length) {
                batch = Arrays.copyOf(batch, length + line.length);
            }
            System.arraycopy(line, 0, batch, length, line.length);
            length += line.length;
            lines++;
            line = length < BATCH ? queue.poll() : null;
        }
        try {
            sink.write(batch, length);
            written.addAndGet(lines);
        } catch (IOException e) {
            dropped.addAndGet(lines);
            failed(e);
        }
        return batch.length > BATCH ? new byte[BATCH] : batch;
    }

    private void failed(IOException e) {
        closeSink();
        if (System.nanoTime() - saidAt >= SAY_AGAIN.toNanos()) {
            LOG.atError()
                    .addKeyValue("sink", name)
                    .addKeyValue("cause", e.getMessage())
                    .log("log lines could not be written; they are dropped and counted until the sink works again");
        }
    }

    private void sayDropped() {
        long now = dropped.get();
        if (now != saidDropped && (System.nanoTime() - saidAt >= SAY_AGAIN.toNanos() || closing)) {
            saidAt = System.nanoTime();
            LOG.atWarn()
                    .addKeyValue("sink", name)
                    .addKeyValue("dropped", now - saidDropped)
                    .log("log lines were dropped");
            saidDropped = now;
        }
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("sink", name)
                    .addKeyValue("cause", e.getMessage())
                    .log("a log could not be closed");
        }
    }

    /** Writes what was taken, for at most five seconds, and ends the thread. Idempotent. */
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
