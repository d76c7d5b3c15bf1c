package dev.exeat.cli.role;

import dev.exeat.cli.ExitCode;
import dev.exeat.cli.log.ProgramLog;
import dev.exeat.cli.settings.RoleSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a role from its start to its end: log, start, ready line, then signals. SIGHUP reloads; the first SIGTERM or
 * SIGINT drains, a second one during the drain ends it at once.
 */
public final class RoleRunner {
    /** The name of the ready file in a data directory. */
    public static final String READY_FILE = "ready.json";

    private final PrintStream err;
    private final boolean coloured;
    private final Signals signals;

    /**
     * @param err where the log and the ready line go
     * @param signals what steers the role
     */
    public RoleRunner(PrintStream err, boolean coloured, Signals signals) {
        this.err = err;
        this.coloured = coloured;
        this.signals = signals;
    }

    /**
     * @param name for the log
     * @return the exit code: 0 after a drain, 1 after a fault
     */
    public int run(String name, RoleSettings settings, Supplier<Role> factory) {
        ProgramLog.install(err, settings.logFormat(), coloured);
        Logger log = LoggerFactory.getLogger(RoleRunner.class);
        Path readyFile = settings.readyFile();
        Role role = factory.get();
        role.claim();
        removeStale(readyFile);
        role.onHandedOver(() -> signals.raise(Signals.Signal.HANDED_OVER));
        AtomicReference<@Nullable Throwable> fault = new AtomicReference<>();
        ReadyNotice notice = new ReadyNotice(role.start(cause -> {
            fault.set(cause);
            signals.raise(Signals.Signal.FAULT);
        }));
        try {
            signals.listen();
            if (readyFile != null) {
                notice.writeTo(readyFile);
            }
            err.println(notice.line());
            if (steer(role, name, log) == Signals.Signal.HANDED_OVER) {
                readyFile = null; // The other process's by now.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            removeStale(readyFile);
            drain(role, fault.get() == null ? settings.drain() : Duration.ZERO, log);
        }
        return end(name, fault.get(), log);
    }

    /** Until the role ends; the answer is why. */
    private Signals.Signal steer(Role role, String name, Logger log) throws InterruptedException {
        while (true) {
            Signals.Signal signal = signals.next();
            switch (signal) {
                case RELOAD -> {
                    log.atInfo().addKeyValue("role", name).log("reloading");
                    reload(role, log);
                }
                case END, FAULT, HANDED_OVER -> {
                    return signal;
                }
            }
        }
    }

    /** What was in force stays so, and the role goes on serving. */
    private static void reload(Role role, Logger log) {
        try {
            role.reload();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("reloading failed; what was read before stays in force");
        }
    }

    /** The wait for open connections is on a thread of its own, so that a second signal can cut it short. */
    private void drain(Role role, Duration limit, Logger log) {
        log.atInfo().addKeyValue("drain", limit).log("draining; signal again to end at once");
        Thread stopping = Thread.ofPlatform().name("drain").start(() -> role.stop(limit));
        Thread watching = Thread.ofVirtual().start(() -> {
            try {
                while (signals.next() == Signals.Signal.RELOAD) {
                    log.info("not reloading: the role is ending");
                }
                stopping.interrupt();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            stopping.join();
        } catch (InterruptedException e) {
            stopping.interrupt();
            Thread.currentThread().interrupt();
        }
        watching.interrupt();
    }

    private static int end(String name, @Nullable Throwable fault, Logger log) {
        if (fault != null) {
            log.atError().addKeyValue("role", name).setCause(fault).log("ended by a fault");
            return ExitCode.FAILED;
        }
        log.atInfo().addKeyValue("role", name).log("ended");
        return ExitCode.OK;
    }

    /** A ready file that is there means that a role serves, so none may be left from an earlier run. */
    private static void removeStale(@Nullable Path readyFile) {
        if (readyFile != null) {
            try {
                Files.deleteIfExists(readyFile);
            } catch (IOException e) {
                throw new ReadyFileException("cannot remove the ready file " + readyFile + ": " + e, e);
            }
        }
    }
}
