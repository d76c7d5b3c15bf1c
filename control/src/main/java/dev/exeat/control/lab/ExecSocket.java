package dev.exeat.control.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One command and the WebSocket over which its streams go: each message begins with the number of its channel. What the
 * command prints waits for the client, and what the client types waits for the command. Public for Jetty, which calls it, alone.
 */
public final class ExecSocket implements Session.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ExecSocket.class);
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;
    private static final int BUFFER = 32 * 1024;
    private static final long MOST_MESSAGE = 4 * 1024 * 1024;
    /** Clients ping every few seconds; one that does not is gone. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private static final Duration AFTER_EXIT = Duration.ofSeconds(2);
    private static final int NOT_FOUND = 127;

    private final Job job;
    private final Runnable ended;
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Session> opened = new CompletableFuture<>();
    private final List<Thread> pumps = new CopyOnWriteArrayList<>();
    private @Nullable ExecInput input;
    private volatile @Nullable RunningCommand command;
    private volatile boolean gone;
    private volatile boolean toOpen;

    /**
     * What is to be run.
     *
     * @param stdin whether the client will send input
     * @param log where what is printed is kept too
     */
    record Job(PodSandbox sandbox, CommandLine command, boolean stdin, PodLog log) {}

    /** @param ended called once, when all is over */
    ExecSocket(Job job, Runnable ended) {
        this.job = job;
        this.ended = ended;
    }

    void toOpen() {
        toOpen = true;
    }

    /** Whether the client and we agreed on the protocol, so that {@code ended} will be called. */
    boolean isToOpen() {
        return toOpen;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        session.setIdleTimeout(IDLE);
        session.setMaxBinaryMessageSize(MOST_MESSAGE);
        opened.complete(session);
        Thread.ofVirtual().name("exec").start(() -> run(session));
    }

    private void run(Session session) {
        try {
            ObjectNode status = execute(session);
            send(session, STATUS, status.toString().getBytes(StandardCharsets.UTF_8));
            session.close(1000, "", Callback.NOOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.disconnect();
        } catch (IOException e) {
            session.disconnect(); // The client is gone.
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a command in a pod failed by a fault");
            session.disconnect();
        } finally {
            kill();
            finishedWithPumps();
        }
    }

    /** A place is free again only when nothing waits any more for what a command left behind. */
    private void finishedWithPumps() {
        try {
            for (Thread pump : pumps) {
                pump.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        finished();
    }

    private ObjectNode execute(Session session) throws IOException, InterruptedException {
        RunningCommand running;
        try {
            running = job.sandbox().run(job.command());
        } catch (IOException e) {
            session.demand();
            send(session, ERROR, (e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
            return ExecStatus.of(job.command().words(), NOT_FOUND);
        }
        command = running;
        if (gone) {
            running.kill();
        }
        ExecInput typed = new ExecInput(running, session);
        synchronized (this) {
            input = typed;
        }
        typed.start();
        if (!job.stdin()) {
            typed.end();
        }
        session.demand(); // From now on there is somebody to take what comes.
        Thread out = pump(session, OUTPUT, running::readOutput);
        Thread err = pump(session, ERROR, running::readError);
        int exitCode = running.await();
        // What it left behind may hold its streams open for long.
        if (!out.join(AFTER_EXIT) || !err.join(AFTER_EXIT)) {
            running.finish();
        }
        typed.close();
        return ExecStatus.of(job.command().words(), exitCode);
    }

    private interface Source {
        int read(byte[] buffer) throws IOException;
    }

    private Thread pump(Session session, int channel, Source source) {
        Thread pump = Thread.ofPlatform().daemon().name("exec-output").start(() -> pumpAll(session, channel, source));
        pumps.add(pump);
        return pump;
    }

    private void pumpAll(Session session, int channel, Source source) {
        byte[] buffer = new byte[BUFFER];
        LineCutter lines = new LineCutter(job.log());
        try {
            for (int length = source.read(buffer); length >= 0; length = source.read(buffer)) {
                lines.take(buffer, length);
                byte[] message = new byte[length];
                System.arraycopy(buffer, 0, message, 0, length);
                send(session, channel, message);
            }
        } catch (IOException e) {
            kill(); // The client is gone, or the stream was cut.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lines.end();
        }
    }

    /** Returns once the message is written. */
    private void send(Session session, int channel, byte[] content) throws IOException, InterruptedException {
        ByteBuffer message = ByteBuffer.allocate(content.length + 1);
        message.put((byte) channel).put(content).flip();
        CompletableFuture<Void> written = new CompletableFuture<>();
        sending.lockInterruptibly();
        try {
            session.sendBinary(message, Callback.from(() -> written.complete(null), written::completeExceptionally));
            written.get();
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e);
        } finally {
            sending.unlock();
        }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        Session session = opened.join();
        boolean more = true;
        if (payload.hasRemaining()) {
            int channel = payload.get() & 0xff;
            byte[] content = new byte[payload.remaining()];
            payload.get(content);
            more = take(channel, content);
        }
        callback.succeed();
        if (more) {
            session.demand();
        }
    }

    /** @return whether the next message may come */
    private boolean take(int channel, byte[] content) {
        ExecInput typed;
        synchronized (this) {
            typed = input;
        }
        RunningCommand running = command;
        if (over.get() || running == null || typed == null) {
            return true;
        }
        switch (channel) {
            case INPUT -> {
                return typed.offer(content);
            }
            case RESIZE -> resize(running, content);
            case CLOSE -> {
                if (content.length == 1 && content[0] == INPUT) {
                    typed.end();
                }
            }
            default -> {
                // Of another channel nothing is known.
            }
        }
        return true;
    }

    private static void resize(RunningCommand running, byte[] content) {
        try {
            JsonNode size = JsonMapper.shared().readTree(content);
            running.resize(size.path("Width").asInt(0), size.path("Height").asInt(0));
        } catch (JacksonException e) {
            LOG.atDebug().log("the size of a terminal cannot be read");
        }
    }

    @Override
    public void onWebSocketText(String message) {
        opened.join().demand();
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        gone();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        gone();
    }

    private void gone() {
        gone = true;
        kill();
        if (!opened.isDone()) {
            finished();
        }
    }

    private void kill() {
        RunningCommand running = command;
        if (running != null) {
            running.kill();
        }
    }

    private void finished() {
        if (over.compareAndSet(false, true)) {
            ended.run();
        }
    }
}
