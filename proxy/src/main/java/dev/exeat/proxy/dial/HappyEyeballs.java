package dev.exeat.proxy.dial;

import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.net.ByteStream;
import dev.exeat.net.EventLoop;
import dev.exeat.net.TcpStream;
import dev.exeat.net.Timeout;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The race between the addresses of an upstream (RFC 8305 section 5): the first is dialled at once, the next 250 ms
 * later or as soon as one fails, the first that connects wins and the others are given up. The deadline is absolute.
 * Confined to one event loop, like what it is made of.
 */
public final class HappyEyeballs<S extends ByteStream> {
    /** RFC 8305 section 8: the recommended Connection Attempt Delay. */
    public static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    public static final Duration DEADLINE = Duration.ofSeconds(5);
    /** More addresses than this are not tried, so that one name cannot make many sockets. */
    static final int MAX_ADDRESSES = 16;

    private final Dialler<S> dialler;
    private final Timers timers;
    private final Duration deadline;

    public HappyEyeballs(Dialler<S> dialler, Timers timers, Duration deadline) {
        this.dialler = dialler;
        this.timers = timers;
        this.deadline = deadline;
    }

    /** Dials TCP connections from a loop, for use on its thread. */
    public static HappyEyeballs<TcpStream> on(EventLoop loop, Duration deadline) {
        Timers timers = (delay, task) -> {
            Timeout timeout = loop.schedule(delay, task);
            return timeout::cancel;
        };
        return new HappyEyeballs<>(new LoopDialler(loop), timers, deadline);
    }

    /**
     * Dials; {@code done} is called once, later than this call, unless the race is cancelled.
     *
     * @throws IllegalArgumentException if there is no address
     */
    public Cancel dial(List<InetSocketAddress> addresses, Consumer<DialResult<S>> done) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("There is no address to dial.");
        }
        Race race = new Race(addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES)), done);
        race.start();
        return race::abandon;
    }

    static String text(InetSocketAddress address) {
        IpAddress ip = IpAddress.of(address.getAddress());
        return (ip.isV4() ? ip.toString() : "[" + ip + "]") + ":" + address.getPort();
    }

    private final class Race {
        private final List<InetSocketAddress> addresses;
        private final Consumer<DialResult<S>> done;
        private final List<Attempt> attempts = new ArrayList<>();
        private @Nullable Cancel deadlineTimer;
        private @Nullable Cancel nextTimer;
        private boolean over;

        Race(List<InetSocketAddress> addresses, Consumer<DialResult<S>> done) {
            this.addresses = List.copyOf(addresses);
            this.done = done;
        }

        void start() {
            deadlineTimer = timers.after(deadline, this::expire);
            dialNext();
        }

        private void dialNext() {
            stop(nextTimer);
            nextTimer = null;
            Attempt attempt = new Attempt(addresses.get(attempts.size()));
            attempts.add(attempt);
            attempt.cancel = dialler.dial(attempt.address, attempt);
            if (!over && attempts.size() < addresses.size()) {
                nextTimer = timers.after(ATTEMPT_DELAY, this::dialNext);
            }
        }

        private void failed() {
            if (attempts.size() < addresses.size()) {
                dialNext();
            } else if (attempts.stream().allMatch(a -> a.error != null)) {
                lose(Reason.DIAL_FAILED);
            }
        }

        private void expire() {
            for (Attempt attempt : attempts) {
                if (attempt.error == null) {
                    attempt.error = "no answer within " + deadline.toMillis() + " ms";
                    stop(attempt.cancel);
                }
            }
            lose(Reason.DIAL_TIMEOUT);
        }

        private void lose(Reason reason) {
            if (close()) {
                List<DialResult.AddressError> errors = new ArrayList<>(attempts.size());
                for (Attempt attempt : attempts) {
                    errors.add(new DialResult.AddressError(
                            attempt.address, attempt.error == null ? "given up" : attempt.error));
                }
                done.accept(new DialResult.Failed<>(reason, errors));
            }
        }

        private void win(Attempt winner, S stream) {
            if (!close()) {
                stream.reset();
                return;
            }
            for (Attempt attempt : attempts) {
                if (attempt != winner && attempt.error == null) {
                    stop(attempt.cancel);
                }
            }
            done.accept(new DialResult.Connected<>(stream, winner.address));
        }

        void abandon() {
            if (close()) {
                attempts.forEach(a -> stop(a.cancel));
            }
        }

        private boolean close() {
            if (over) {
                return false;
            }
            over = true;
            stop(nextTimer);
            stop(deadlineTimer);
            return true;
        }

        private void stop(@Nullable Cancel cancel) {
            if (cancel != null) {
                cancel.cancel();
            }
        }

        private final class Attempt implements Dialler.Callback<S> {
            private final InetSocketAddress address;
            private @Nullable Cancel cancel;
            private @Nullable String error;

            Attempt(InetSocketAddress address) {
                this.address = address;
            }

            @Override
            public void connected(S stream) {
                win(this, stream);
            }

            @Override
            public void failed(String message) {
                if (!over && error == null) {
                    error = message;
                    Race.this.failed();
                }
            }
        }
    }
}
