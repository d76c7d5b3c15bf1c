package dev.exeat.proxy.h2;

import dev.exeat.proxy.dial.Cancel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A loop without a thread and with a clock that is turned by hand. */
final class FakeTasks implements LoopTasks {
    private record Timer(long at, Runnable task) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now = 1_000_000_000L;

    @Override
    public void soon(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Cancel after(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nanos() {
        return now;
    }

    /** Runs what is to be run, and what that brings about. */
    void run() {
        for (int i = 0; !tasks.isEmpty(); i++) {
            if (i > 5_000_000) {
                throw new AssertionError("the loop never comes to rest");
            }
            tasks.removeFirst().run();
        }
    }

    boolean step() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    void advance(Duration time) {
        run();
        long end = now + time.toNanos();
        while (true) {
            Timer next = null;
            for (Timer timer : timers) {
                if (timer.at <= end && (next == null || timer.at < next.at)) {
                    next = timer;
                }
            }
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = Math.max(now, next.at);
            next.task.run();
            run();
        }
        now = end;
    }

    int pendingTimers() {
        return timers.size();
    }
}
