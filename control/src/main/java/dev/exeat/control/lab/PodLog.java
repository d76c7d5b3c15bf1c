package dev.exeat.control.lab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The latest lines of a container, at most {@value #MOST_LINES} and 4 MiB. Thread-safe; writers never wait long. */
public final class PodLog {
    static final int MOST_LINES = 10_000;
    private static final long MOST_OCTETS = 4 * 1024 * 1024;
    private static final int LONGEST = 16 * 1024;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Deque<Line> lines = new ArrayDeque<>();
    private long octets;
    private long next;
    private boolean ended;

    public PodLog(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * A line without its line feed.
     *
     * @param number counts up without gaps
     */
    record Line(long number, Instant time, String text) {}

    /** Takes a line, with or without its line feed; of a long one the beginning. */
    public void append(String text) {
        String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        String kept = line.length() > LONGEST ? line.substring(0, LONGEST) : line;
        lock.lock();
        try {
            lines.addLast(new Line(next++, clock.instant(), kept));
            octets += kept.length();
            while (lines.size() > MOST_LINES || octets > MOST_OCTETS) {
                octets -= lines.removeFirst().text().length();
            }
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The same with the octets of a line. */
    public void append(byte[] line) {
        append(new String(line, StandardCharsets.UTF_8));
    }

    /** No line follows: who waits for one is told. */
    void end() {
        lock.lock();
        try {
            ended = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The number of the line from which on there are so many, or the first that is kept. */
    long fromLast(long count) {
        lock.lock();
        try {
            return next - Math.min(count, lines.size());
        } finally {
            lock.unlock();
        }
    }

    /** The lines from that number on. */
    List<Line> from(long number) {
        lock.lock();
        try {
            List<Line> found = new ArrayList<>();
            var latest = lines.descendingIterator();
            while (latest.hasNext()) {
                Line line = latest.next();
                if (line.number() < number) {
                    break;
                }
                found.add(line);
            }
            return found.reversed();
        } finally {
            lock.unlock();
        }
    }

    /** Lets who waits look whether to wait on. */
    void wake() {
        lock.lock();
        try {
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a line of that number or later; false once none will come, or after the time.
     *
     * @param stop whether to wait no longer; looked at again at each {@link #wake}
     */
    boolean await(long number, Duration most, BooleanSupplier stop) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (next <= number && !ended && left > 0 && !stop.getAsBoolean()) {
                left = more.awaitNanos(left);
            }
            return next > number;
        } finally {
            lock.unlock();
        }
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }
}
