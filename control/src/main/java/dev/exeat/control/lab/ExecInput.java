package dev.exeat.control.lab;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.websocket.api.Session;

/**
 * What a client types, on its way to the command. Where much of it waits, the client is not asked for more; its pings
 * are answered again when the command takes what waits.
 */
final class ExecInput {
    private static final int MOST_WAITING = 256 * 1024;
    private static final byte[] END = new byte[0];

    private final RunningCommand command;
    private final Session session;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Thread thread;
    private boolean paused;
    private volatile boolean closed;

    ExecInput(RunningCommand command, Session session) {
        this.command = command;
        this.session = session;
        this.thread = Thread.ofPlatform().daemon().name("exec-input").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Takes input; false if the client is to wait, which is asked for more later. */
    boolean offer(byte[] content) {
        if (closed || content.length == 0) {
            return true;
        }
        queue.add(content);
        synchronized (this) {
            paused = waiting.addAndGet(content.length) > MOST_WAITING;
            return !paused;
        }
    }

    /** Nothing more comes. */
    void end() {
        queue.add(END);
    }

    @SuppressWarnings("ReferenceEquality") // The end is told by being that very array.
    private void run() {
        try {
            for (byte[] content = queue.take(); content != END; content = queue.take()) {
                write(content);
                if (taken(content.length)) {
                    session.demand();
                }
            }
            command.endInput();
        } catch (IOException e) {
            close(); // The command takes no more; that is its right.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(byte[] content) throws IOException {
        if (!closed) {
            command.write(content);
        }
    }

    private synchronized boolean taken(int length) {
        boolean again = waiting.addAndGet(-length) <= MOST_WAITING && paused;
        paused = paused && !again;
        return again;
    }

    /** What still comes is dropped. */
    void close() {
        closed = true;
        boolean resume;
        synchronized (this) {
            resume = paused;
            paused = false;
        }
        if (resume) {
            session.demand();
        }
        queue.add(END);
    }
}
