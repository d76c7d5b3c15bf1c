package dev.exeat.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The master's side of a pseudo-terminal (pty(7)). A program runs in the terminal when it has opened {@link #path} as
 * its standard streams. One thread may read and another one write at a time; {@link #finish} and {@link #close} may be
 * called by any.
 */
public final class PseudoTerminal implements AutoCloseable {
    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int AT_FDCWD = -100;
    /** O_RDWR, O_NOCTTY, O_NONBLOCK and O_CLOEXEC: a master never becomes the terminal of this process itself. */
    private static final int OPEN = 0x2 | 0x100 | 0x800 | 0x80000;

    private static final int CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final int TIOCGPTN = 0x80045430;
    private static final int TIOCSPTLCK = 0x40045431;
    private static final int TIOCSWINSZ = 0x5414;
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int BUFFER = 16 * 1024;

    private final Arena arena = Arena.ofShared();
    private final Side reader = new Side();
    private final Side writer = new Side();
    private final int master;
    private final int stop;
    private final String path;
    private volatile boolean finishing;
    private volatile boolean closed;

    /** What one direction needs for its system calls. */
    private final class Side {
        private final ReentrantLock lock = new ReentrantLock();
        private final Kernel kernel = new Kernel(arena);
        private final MemorySegment polled = arena.allocate(16, 8);
        private final MemorySegment buffer = arena.allocate(BUFFER, 8);

        /** Waits for an event of the terminal, or for the end of the wait. */
        private boolean await(short event) {
            polled.set(ValueLayout.JAVA_INT, 0, master);
            polled.set(ValueLayout.JAVA_SHORT, 4, event);
            polled.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
            polled.set(ValueLayout.JAVA_INT, 8, stop);
            polled.set(ValueLayout.JAVA_SHORT, 12, POLLIN);
            polled.set(ValueLayout.JAVA_SHORT, 14, (short) 0);
            kernel.block(A.ppoll(), polled.address(), 2, 0, 0, 8, 0);
            return polled.get(ValueLayout.JAVA_SHORT, 6) != 0;
        }
    }

    private PseudoTerminal() throws IOException {
        Kernel kernel = writer.kernel;
        try (Arena own = Arena.ofConfined()) {
            MemorySegment device = own.allocateFrom("/dev/ptmx");
            this.master = require(kernel.call(A.openat(), AT_FDCWD, device.address(), OPEN), "opening /dev/ptmx");
            MemorySegment number = own.allocate(8, 8);
            require(kernel.call(A.ioctl(), master, TIOCSPTLCK, number.address()), "unlocking a terminal");
            require(kernel.call(A.ioctl(), master, TIOCGPTN & 0xffffffffL, number.address()), "naming a terminal");
            this.path = "/dev/pts/" + number.get(ValueLayout.JAVA_INT, 0);
            this.stop = require(kernel.call(A.eventfd2(), 0, CLOEXEC_NONBLOCK, 0), "eventfd2");
        }
    }

    /**
     * A new terminal.
     *
     * @throws IOException if the system gives none
     */
    public static PseudoTerminal open() throws IOException {
        return new PseudoTerminal();
    }

    private static int require(long result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Errno.text((int) -result));
        }
        return (int) result;
    }

    /** The device that a program opens to run in the terminal. */
    public String path() {
        return path;
    }

    /** Tells the programs in the terminal its size (SIGWINCH); numbers beyond 1 to 65,535 are taken as the nearest. */
    public void resize(int columns, int rows) {
        writer.lock.lock();
        try (Arena own = Arena.ofConfined()) {
            if (closed) {
                return;
            }
            MemorySegment size = own.allocate(8, 8);
            size.set(ValueLayout.JAVA_SHORT, 0, (short) Math.clamp(rows, 1, 0xffff));
            size.set(ValueLayout.JAVA_SHORT, 2, (short) Math.clamp(columns, 1, 0xffff));
            writer.kernel.call(A.ioctl(), master, TIOCSWINSZ, size.address());
        } finally {
            writer.lock.unlock();
        }
    }

    /**
     * Waits for output.
     *
     * @return how many octets, or -1 once no program has the terminal open any more or it is finished and read to its end
     */
    public int read(byte[] into) {
        reader.lock.lock();
        try {
            while (!closed) {
                boolean ready = reader.await(POLLIN);
                long length = closed || !ready
                        ? -Errno.EAGAIN
                        : reader.kernel.call(A.read(), master, reader.buffer.address(), Math.min(BUFFER, into.length));
                if (length > 0) {
                    MemorySegment.copy(reader.buffer, ValueLayout.JAVA_BYTE, 0, into, 0, (int) length);
                    return (int) length;
                }
                if (finishing || (length != -Errno.EAGAIN && length != -Errno.EINTR)) {
                    return -1;
                }
            }
            return -1;
        } finally {
            reader.lock.unlock();
        }
    }

    /** Writes what is typed; waits while the terminal takes none. What comes after the end is dropped. */
    public void write(byte[] typed) {
        writer.lock.lock();
        try {
            int written = 0;
            while (written < typed.length && !closed && !finishing) {
                int length = Math.min(BUFFER, typed.length - written);
                MemorySegment.copy(typed, written, writer.buffer, ValueLayout.JAVA_BYTE, 0, length);
                if (!writer.await(POLLOUT) || closed) {
                    continue;
                }
                long result = writer.kernel.call(A.write(), master, writer.buffer.address(), length);
                if (result > 0) {
                    written += (int) result;
                } else if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
                    return;
                }
            }
        } finally {
            writer.lock.unlock();
        }
    }

    /** What was printed so far is still read; then the end comes, even where a program keeps the terminal open. */
    public void finish() {
        finishing = true;
        wake();
    }

    private synchronized void wake() {
        if (closed) {
            return;
        }
        try (Arena own = Arena.ofConfined()) {
            MemorySegment one = own.allocate(8, 8);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            new Kernel(own).call(A.write(), stop, one.address(), 8);
        }
    }

    /** Hangs up: the programs that have the terminal get SIGHUP. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            wake();
            closed = true;
        }
        reader.lock.lock();
        writer.lock.lock();
        try {
            writer.kernel.close(master);
            writer.kernel.close(stop);
            arena.close();
        } finally {
            writer.lock.unlock();
            reader.lock.unlock();
        }
    }
}
