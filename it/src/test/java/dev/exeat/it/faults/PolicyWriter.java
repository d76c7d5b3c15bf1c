package dev.exeat.it.faults;

import dev.exeat.it.faults.PolicyModel.Version;
import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes one version of the policy after the other, by a rename or slowly in place, and learns from each gateway by which
 * digest it goes there. Thread-safe.
 */
final class PolicyWriter implements AutoCloseable {
    private static final long BETWEEN_NANOS = 700_000_000;
    private static final long HALFWAY_NANOS = 60_000_000;
    private static final long NAMED_NANOS = 60_000_000_000L;
    private static final long LOOK_AGAIN_NANOS = 20_000_000;
    private static final List<Role> GATEWAYS = List.of(Role.UP, Role.GATEWAY);

    private final Stand stand;
    private final PolicyModel model;
    private final SplittableRandom random;
    private final List<Long> effects = new ArrayList<>();
    private final Thread thread;
    private Version current = new Version(0, 0x55);
    private boolean inPlace;
    private volatile boolean paused;
    private volatile boolean closed;

    PolicyWriter(Stand stand, PolicyModel model, long seed) {
        this.stand = stand;
        this.model = model;
        this.random = new SplittableRandom(seed);
        publish(current);
        confirm(30_000_000_000L);
        this.thread = Thread.ofPlatform().daemon().name("policy-writer").start(this::run);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(BETWEEN_NANOS);
            synchronized (this) {
                if (!paused && !closed) {
                    change();
                }
            }
        }
    }

    /** Writes the next version, and returns whether it is in force at both gateways in time. */
    synchronized boolean change() {
        current = new Version(current.number() + 1, 1 | random.nextInt(1 << PolicyModel.HOSTS));
        publish(current);
        long written = System.nanoTime();
        boolean inForce = confirm(5_000_000_000L);
        if (inForce) {
            effects.add(System.nanoTime() - written);
        }
        // Records may name it from now on, so that no other version may come before its digest is known.
        while (!model.knows(current) && System.nanoTime() - written < NAMED_NANOS) {
            confirm(LOOK_AGAIN_NANOS);
        }
        return inForce;
    }

    private void publish(Version version) {
        inPlace = !inPlace;
        if (inPlace) {
            writeSlowly(file(), version.yaml());
        } else {
            Stand.write(file(), version.yaml());
        }
    }

    private static void writeSlowly(Path file, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        try (var out = Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(octets, 0, octets.length / 2);
            LockSupport.parkNanos(HALFWAY_NANOS);
            out.write(octets, octets.length / 2, octets.length - octets.length / 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    PolicyModel model() {
        return model;
    }

    /** The file that holds the current version. */
    Path file() {
        return stand.manifests().resolve("model.yaml");
    }

    /** Writes no more until {@link #resume}; what is written is in force everywhere when this returns, or false. */
    synchronized boolean pause() {
        paused = true;
        return confirm(10_000_000_000L);
    }

    void resume() {
        paused = false;
    }

    synchronized Version current() {
        return current;
    }

    /** The times from a change to its effect at both gateways, in nanoseconds. */
    synchronized List<Long> effects() {
        return List.copyOf(effects);
    }

    /** Waits until both gateways decide by the current version. */
    synchronized boolean confirm(long limitNanos) {
        long deadline = System.nanoTime() + limitNanos;
        while (System.nanoTime() < deadline) {
            // Each is asked, though one is not there: the other learns by which digest the version goes.
            if (GATEWAYS.stream().filter(this::decidesByCurrent).count() == GATEWAYS.size()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return false;
    }

    private boolean decidesByCurrent(Role role) {
        try {
            String digest = stand.metrics(role).digest();
            Version named = model.version(digest);
            if (named == null && !digest.isEmpty() && stand.metrics(role).sum("exeat_config_problems", "error") == 0) {
                model.named(digest, current);
                return true;
            }
            return current.equals(named);
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
