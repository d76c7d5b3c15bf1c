package dev.exeat.proxy;

import dev.exeat.net.EventLoop;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Holds a connection before its verdict while a log that may lose no line has no room for those of another. */
final class LogRoom {
    private static final Duration AGAIN = Duration.ofMillis(20);

    private final EgressServices services;
    private final EventLoop loop;
    private final long deadline;

    LogRoom(EgressServices services, EventLoop loop) {
        this.services = services;
        this.loop = loop;
        this.deadline = System.nanoTime() + services.limits().helloDeadline().toNanos();
    }

    /**
     * Goes on as soon as there is room, at most as long as a hello may take.
     *
     * @param waiting whether the connection still waits
     * @param then what follows, told whether there is room
     */
    void await(BooleanSupplier waiting, Then then) {
        boolean room = services.sink().hasRoom();
        if (room || System.nanoTime() - deadline >= 0) {
            then.go(room);
            return;
        }
        loop.schedule(AGAIN, () -> {
            if (waiting.getAsBoolean()) {
                await(waiting, then);
            }
        });
    }

    @FunctionalInterface
    interface Then {
        void go(boolean room);
    }
}
