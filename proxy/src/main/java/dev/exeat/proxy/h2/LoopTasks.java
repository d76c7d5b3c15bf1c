package dev.exeat.proxy.h2;

import dev.exeat.net.EventLoop;
import dev.exeat.net.Timeout;
import dev.exeat.proxy.dial.Cancel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/** What a connection needs of its event loop beside the transport. */
interface LoopTasks {
    /** Runs the task on the loop after what runs now, at the latest at the end of this turn. */
    void soon(Runnable task);

    Cancel after(Duration delay, Runnable task);

    /** As {@link System#nanoTime}. */
    long nanos();

    static LoopTasks of(EventLoop loop) {
        return new LoopTasks() {
            @Override
            public void soon(Runnable task) {
                try {
                    loop.execute(task);
                } catch (RejectedExecutionException e) {
                    // The loop is ending and there is no later any more; who waits must be told all the same.
                    task.run();
                }
            }

            @Override
            public Cancel after(Duration delay, Runnable task) {
                Timeout timeout = loop.schedule(delay, task);
                return timeout::cancel;
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
