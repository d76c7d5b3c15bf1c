package dev.exeat.control.local;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Answers commands on the same machine over {@code control.sock} in the data directory. Whoever may open that socket
 * may ask: the directory and the socket are their owner's alone. At most eight at a time, each for at most a minute.
 */
public final class ControlSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final int MOST = 8;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final Path path;
    private final ServerSocketChannel server;
    private final Map<String, ControlCommand> commands;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Semaphore places = new Semaphore(MOST);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("control-clock").factory());

    private ControlSocket(Path path, ServerSocketChannel server, Map<String, ControlCommand> commands) {
        this.path = path;
        this.server = server;
        this.commands = Map.copyOf(commands);
    }

    /**
     * Listens in a data directory that the caller holds, so that a socket which lies there is a dead process's.
     *
     * @throws ControlException if the socket can't be made, as where its path is longer than the system takes
     */
    public static ControlSocket open(Path dataDir, Map<String, ControlCommand> commands) {
        Path path = ControlProtocol.socket(dataDir);
        try {
            Files.deleteIfExists(path);
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                server.bind(UnixDomainSocketAddress.of(path), MOST);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                server.close();
                throw e;
            }
            ControlSocket socket = new ControlSocket(path, server, commands);
            Thread.ofVirtual().name("control").start(socket::serve);
            return socket;
        } catch (IOException e) {
            throw new ControlException("cannot listen on " + path + " (" + e.getMessage() + ")", e);
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try {
                places.acquire();
                SocketChannel caller = server.accept();
                Thread.ofVirtual().name("control-answer").start(() -> answerTimed(caller));
            } catch (IOException e) {
                places.release();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void answerTimed(SocketChannel caller) {
        ScheduledFuture<?> end = clock.schedule(() -> close(caller), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        try (caller;
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(caller))) {
            String question = ControlProtocol.line(
                    new BufferedInputStream(Channels.newInputStream(caller)), ControlProtocol.MAX_QUESTION);
            if (question != null) {
                write(out, answer(question, out));
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a local command went away");
        } finally {
            end.cancel(false);
            places.release();
        }
    }

    private Map<String, ?> answer(String question, OutputStream out) throws IOException {
        try {
            Map<String, String> arguments =
                    new LinkedHashMap<>(ControlProtocol.json().readValue(question, TEXTS));
            String name = String.valueOf(arguments.remove(ControlProtocol.COMMAND));
            ControlCommand command = commands.get(name);
            if (command == null) {
                return Map.of(ControlProtocol.ERROR, "this process does not know the command " + name);
            }
            try (Stream<Map<String, ?>> objects = command.answer(arguments)) {
                for (Map<String, ?> object : (Iterable<Map<String, ?>>) objects::iterator) {
                    write(out, object);
                }
            }
            return Map.of(ControlProtocol.END, true);
        } catch (JacksonException | IllegalArgumentException e) {
            return Map.of(ControlProtocol.ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static void write(OutputStream out, Map<String, ?> object) throws IOException {
        out.write(ControlProtocol.json().writeValueAsBytes(object));
        out.write('\n');
    }

    private static void close(SocketChannel caller) {
        try {
            caller.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a local command's connection did not close");
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return; // What lies at the path now may be another process's.
        }
        clock.shutdownNow();
        try {
            server.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("path", path).log("the control socket was not removed");
        }
    }
}
