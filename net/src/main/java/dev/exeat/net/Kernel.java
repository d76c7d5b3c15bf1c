package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * System calls through one downcall handle on {@code syscall(2)}: one handle instead of one for each function halves
 * the start-up cost of the foreign function interface. Each thread uses an instance of its own, because the captured
 * {@code errno} has a place in it. Extended only by tests, with one whose calls fail.
 */
class Kernel {
    static final Architecture ARCHITECTURE = Architecture.current();

    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURE.varHandle(java.lang.foreign.MemoryLayout.PathElement.groupElement("errno"));

    /** For calls that never block: no transition of the thread's state. */
    private static final MethodHandle QUICK = handle(Linker.Option.critical(false));

    /** For calls that may block, so that the garbage collector need not wait for them. */
    private static final MethodHandle BLOCKING = handle();

    private final MemorySegment capture;

    Kernel(Arena arena) {
        this.capture = arena.allocate(CAPTURE);
    }

    private static MethodHandle handle(Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor sevenLongs = FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), sevenLongs, all);
    }

    /** Makes a call that does not block; the answer is its result, or the negative error number. */
    long call(int number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) QUICK.invokeExact(capture, (long) number, a, b, c, d, e, f);
            return result == -1 ? -errno() : result;
        } catch (Throwable t) {
            throw new IllegalStateException("system call " + number + " could not be made", t);
        }
    }

    long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    /** Makes a call that may block; the answer is its result, or the negative error number. */
    long block(int number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) BLOCKING.invokeExact(capture, (long) number, a, b, c, d, e, f);
            return result == -1 ? -errno() : result;
        } catch (Throwable t) {
            throw new IllegalStateException("system call " + number + " could not be made", t);
        }
    }

    private int errno() {
        return (int) ERRNO.get(capture, 0L);
    }

    void close(int fd) {
        call(ARCHITECTURE.close(), fd, 0, 0);
    }
}
