package dev.exeat.cli.up;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a role has taken hold of, released in the opposite order; what fails to close does not keep the rest open. */
final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /**
     * Begins to make a resource on a thread of its own, so that a start uses more than one core.
     *
     * @return waits for it; what failed there is thrown here
     */
    <T extends AutoCloseable> Supplier<T> addAhead(String name, Supplier<T> maker) {
        FutureTask<T> making = new FutureTask<>(maker::get);
        add(() -> closeMade(making));
        Thread.ofPlatform().daemon().name(name).start(making);
        return () -> result(making);
    }

    /** As {@link #addAhead}, of what needs no closing. */
    static <T> Supplier<T> ahead(String name, Supplier<T> maker) {
        FutureTask<T> making = new FutureTask<>(maker::get);
        Thread.ofPlatform().daemon().name(name).start(making);
        return () -> result(making);
    }

    private static void closeMade(FutureTask<? extends AutoCloseable> making) throws Exception {
        AutoCloseable made;
        try {
            made = making.get();
        } catch (ExecutionException e) {
            return; // Nothing was made; whoever waits for it is told why.
        }
        made.close();
    }

    private static <T> T result(FutureTask<T> making) {
        try {
            return making.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException fault) {
                throw fault;
            }
            throw new IllegalStateException("a part of the start failed", e.getCause());
        }
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            AutoCloseable resource = open.pop();
            try {
                resource.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("resource", resource.getClass().getSimpleName())
                        .log("not closed in order");
            }
        }
    }
}
