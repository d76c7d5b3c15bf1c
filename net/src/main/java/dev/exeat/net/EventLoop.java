package dev.exeat.net;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for the readiness of its sockets by edge-triggered epoll, runs their callbacks, timers, and
 * the tasks that other threads post. Unless a method says otherwise it may only be called on the loop's thread, and
 * throws {@link IllegalStateException} elsewhere. A callback that throws costs its connection, never the loop.
 */
public final class EventLoop implements AutoCloseable {
    static final int SCRATCH = 64 * 1024;
    static final int EPOLL_IN = 1;
    static final int EPOLL_OUT = 4;
    static final int EPOLL_ERR = 8;
    static final int EPOLL_HUP = 16;
    static final int EPOLL_RDHUP = 0x2000;
    static final int EPOLL_ET = 1 << 31;

    private static final int EPOLL_CTL_ADD = 1;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Architecture A = Kernel.ARCHITECTURE;
    private static final int EVENTS = 256;
    private static final int TASKS_PER_TURN = 1024;
    private static final int CLOEXEC_NONBLOCK = 0x80000 | 0x800;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Arena arena = Arena.ofShared();
    private final Kernel kernel;
    private final IoBuffer scratch = IoBuffer.allocate(arena, SCRATCH);
    private final NativeScratch memory = new NativeScratch(arena);
    private final MemorySegment events = arena.allocate((long) EVENTS * A.eventSize(), 8);
    private final Map<Class<?>, Object> shared = new HashMap<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final TimerWheel timers;
    private final PipePool pipes;
    private final Thread thread;
    private final int epoll;
    private final int wake;
    private final Object waking = new Object();
    /** A call of its own for the threads that wake the loop, one at a time, with a one to write. */
    private final Kernel waker = new Kernel(arena);

    private final MemorySegment one = arena.allocate(8, 8);
    private boolean deaf;
    private @Nullable Pollable[] byFd = new Pollable[1024];
    /** Tells a socket from an earlier one with the same descriptor, of which an event may still be in hand. */
    private int[] stamps = new int[1024];

    private int lastStamp;
    private int watched;
    private long now;
    private volatile boolean closing;

    private EventLoop(String name, Function<Arena, Kernel> kernels) {
        // Memory that is not counted in and out at each call, as that of a closeable arena is.
        this.kernel = kernels.apply(Arena.ofAuto());
        this.now = System.nanoTime();
        this.timers = new TimerWheel(now, this::requireLoop);
        this.epoll = require(kernel.call(A.epollCreate1(), 0x80000, 0, 0), "epoll_create1");
        this.wake = require(kernel.call(A.eventfd2(), 0, CLOEXEC_NONBLOCK, 0), "eventfd2");
        this.pipes = new PipePool(kernel, arena);
        this.one.set(ValueLayout.JAVA_LONG, 0, 1);
        require(control(wake, 0, EPOLL_IN | EPOLL_ET), "epoll_ctl");
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    static EventLoop start(String name) {
        return start(name, Kernel::new);
    }

    /** With a kernel of one's own, which lives as long as the loop's memory. */
    static EventLoop start(String name, Function<Arena, Kernel> kernels) {
        EventLoop loop = new EventLoop(name, kernels);
        loop.thread.start();
        return loop;
    }

    private static int require(long result, String call) {
        if (result < 0) {
            throw new IllegalStateException(call + ": " + Errno.text((int) -result));
        }
        return (int) result;
    }

    /**
     * Runs a task on the loop's thread, after the current callbacks. Callable from any thread.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public void execute(Runnable task) {
        if (closing) {
            throw new RejectedExecutionException("the event loop is closed");
        }
        tasks.add(task);
        // The loop may have taken its last look before.
        if (closing && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop is closed");
        }
        if (Thread.currentThread() != thread && woken.compareAndSet(false, true)) {
            wakeUp();
        }
    }

    /** Callable from any thread; after the end of the loop its descriptor may be another's. */
    private void wakeUp() {
        synchronized (waking) {
            if (!deaf) {
                waker.call(A.write(), wake, one.address(), 8);
            }
        }
    }

    /** Callable from any thread. */
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    void requireLoop() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException("used outside the thread of its event loop");
        }
    }

    /** Runs a task once, when the delay has passed: never earlier, and some milliseconds later. */
    public Timeout schedule(Duration delay, Runnable task) {
        requireLoop();
        return timers.schedule(System.nanoTime(), delay.toNanos(), task);
    }

    /** The buffer that all of the loop's streams share; what it holds is valid within one callback only. */
    public IoBuffer scratch() {
        requireLoop();
        return scratch;
    }

    /** What the users of this loop share beside its buffer, as pools of their own: one of a type, made when first asked for. */
    public <T> T shared(Class<T> type, Supplier<T> make) {
        requireLoop();
        return type.cast(Objects.requireNonNull(shared.computeIfAbsent(type, _ -> make.get())));
    }

    /** Begins to connect; the handler is called later, unless the attempt is cancelled. */
    public Connecting connect(InetSocketAddress address, ConnectHandler handler) {
        requireLoop();
        return PendingConnect.start(this, address, handler);
    }

    /** Runs a task in this or the next turn, after the current callback. */
    void later(Runnable task) {
        later.add(task);
    }

    Kernel kernel() {
        return kernel;
    }

    NativeScratch memory() {
        return memory;
    }

    PipePool pipes() {
        return pipes;
    }

    /** The time of this turn, as System.nanoTime tells it. */
    long now() {
        return now;
    }

    /** How many sockets are watched, for tests that nothing is left. */
    int watched() {
        return watched;
    }

    /** Watches a descriptor; answers 0, or the error number, and then the descriptor is closed. */
    int register(int fd, Pollable pollable, int interest) {
        if (fd >= byFd.length) {
            int length = Math.max(fd + 1, byFd.length * 2);
            byFd = Arrays.copyOf(byFd, length);
            stamps = Arrays.copyOf(stamps, length);
        }
        int stamp = ++lastStamp;
        long result = control(fd, stamp, interest);
        if (result < 0) {
            kernel.close(fd);
            return (int) -result;
        }
        byFd[fd] = pollable;
        stamps[fd] = stamp;
        watched++;
        return 0;
    }

    /** Closing a descriptor takes it out of epoll. */
    void closeFd(int fd) {
        if (byFd[fd] != null) {
            byFd[fd] = null;
            watched--;
        }
        kernel.close(fd);
    }

    /** A connected socket is watched by another object from now on. */
    void replace(int fd, Pollable pollable) {
        byFd[fd] = pollable;
    }

    private long control(int fd, int stamp, int interest) {
        MemorySegment event = memory.event();
        event.set(ValueLayout.JAVA_INT_UNALIGNED, 0, interest);
        event.set(ValueLayout.JAVA_LONG_UNALIGNED, A.eventData(), (long) stamp << Integer.SIZE | fd);
        return kernel.call(A.epollCtl(), epoll, EPOLL_CTL_ADD, fd, event.address(), 0, 0);
    }

    private void run() {
        while (!closing) {
            try {
                turn();
            } catch (RuntimeException | Error e) {
                LOG.atError().setCause(e).log("a task of the event loop failed");
            }
        }
        shutDown();
    }

    private void turn() {
        now = System.nanoTime();
        runTasks();
        timers.advance(now, EventLoop::runSafely);
        int ready = poll(timeoutMillis());
        now = System.nanoTime();
        for (int i = 0; i < ready; i++) {
            long at = (long) i * A.eventSize();
            long data = events.get(ValueLayout.JAVA_LONG_UNALIGNED, at + A.eventData());
            deliver((int) data, (int) (data >>> Integer.SIZE), events.get(ValueLayout.JAVA_INT_UNALIGNED, at));
        }
    }

    private void runTasks() {
        for (int i = later.size(); i > 0; i--) {
            runSafely(later.remove());
        }
        woken.set(false);
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            runSafely(task);
        }
    }

    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("a task of the event loop failed");
        }
    }

    private int timeoutMillis() {
        if (!later.isEmpty() || !tasks.isEmpty()) {
            return 0;
        }
        long nanos = timers.nanosToNext(System.nanoTime());
        return nanos < 0 ? -1 : (int) ((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    private int poll(int timeoutMillis) {
        long result = timeoutMillis == 0
                ? kernel.call(A.epollPwait(), epoll, events.address(), EVENTS, 0, 0, 8)
                : kernel.block(A.epollPwait(), epoll, events.address(), EVENTS, timeoutMillis, 0, 8);
        if (result >= 0) {
            return (int) result;
        }
        if (result != -Errno.EINTR) {
            LOG.atError().log("epoll_pwait: {}", Errno.text((int) -result));
        }
        return 0;
    }

    private void deliver(int fd, int stamp, int mask) {
        if (fd == wake) {
            // Edge-triggered: each write to it is told, read or not.
            return;
        }
        Pollable pollable = byFd[fd];
        if (pollable == null || stamps[fd] != stamp) {
            return;
        }
        try {
            pollable.ready(mask);
        } catch (RuntimeException | Error e) {
            failed(pollable, e);
        }
    }

    /** Runs a callback of a descriptor; a fault in it costs the descriptor, and nothing else. */
    void dispatch(Pollable pollable, Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            failed(pollable, e);
        }
    }

    private static void failed(Pollable pollable, Throwable fault) {
        LOG.atError().setCause(fault).log("a connection failed by a fault of its own code and is reset");
        runSafely(pollable::broken);
    }

    private void shutDown() {
        breakAll();
        // Whoever posted a task before the end may wait for it.
        while (!later.isEmpty() || !tasks.isEmpty()) {
            runTasks();
        }
        breakAll();
        synchronized (waking) {
            deaf = true;
            kernel.close(wake);
        }
        pipes.close();
        kernel.close(epoll);
        arena.close();
    }

    private void breakAll() {
        for (Pollable pollable : byFd.clone()) {
            if (pollable != null) {
                runSafely(pollable::broken);
            }
        }
    }

    /** Resets all connections and ends the thread. Callable from any thread. */
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            wakeUp();
        }
        if (!inLoop()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
