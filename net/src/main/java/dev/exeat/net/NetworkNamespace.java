package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Another network namespace than that of this process (network_namespaces(7)). A socket belongs to the namespace of the
 * thread that makes it, wherever it is used later, and so do the connections that it accepts. Needs CAP_SYS_ADMIN.
 */
public final class NetworkNamespace {
    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int AT_FDCWD = -100;
    /** O_RDONLY and O_CLOEXEC. */
    private static final int OPEN = 0x80000;

    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /**
     * Works in a namespace, on a thread of its own that ends with the work.
     *
     * @param namespace its file, such as {@code /proc/PID/ns/net}
     * @param work makes sockets; it must start no thread, virtual ones not either, because a thread begins in the
     *     namespace of the one that starts it, and would stay there
     * @return what the work returns
     * @throws IllegalStateException if the namespace cannot be entered
     */
    public static <T> T call(Path namespace, Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter(namespace);
            return work.get();
        });
        Thread.ofPlatform().daemon().name("namespace").start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("work in a network namespace failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in a network namespace", e);
        }
    }

    private static void enter(Path namespace) {
        try (Arena arena = Arena.ofConfined()) {
            Kernel kernel = new Kernel(arena);
            MemorySegment path = arena.allocateFrom(namespace.toString());
            int file = require(kernel.call(A.openat(), AT_FDCWD, path.address(), OPEN), namespace);
            try {
                require(kernel.call(A.setns(), file, CLONE_NEWNET, 0), namespace);
            } finally {
                kernel.close(file);
            }
        }
    }

    private static int require(long result, Path namespace) {
        if (result < 0) {
            throw new IllegalStateException(
                    "the network namespace " + namespace + " can't be entered: " + Errno.text((int) -result));
        }
        return (int) result;
    }
}
