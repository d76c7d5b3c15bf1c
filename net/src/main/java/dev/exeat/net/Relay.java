package dev.exeat.net;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries bytes between two streams of one loop, both ways, with back-pressure and half-close, until both sides have
 * ended or one breaks. It copies through the loop's buffer, and splices a direction between two TCP connections once a
 * read has shown that much is coming. Confined to its loop.
 */
@SuppressWarnings("ReferenceEquality") // A stream is itself alone: the question is which of the two sides called.
public final class Relay implements ByteStream.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private final EventLoop loop;
    private final ByteStream client;
    private final ByteStream upstream;
    private final RelayHandler handler;
    private final long idleNanos;
    private final long until;
    private final RelayDirection up;
    private final RelayDirection down;
    private Timeout timer;
    private long lastActivity;
    private boolean over;

    private Relay(ByteStream client, ByteStream upstream, RelayOptions options, RelayHandler handler) {
        this.loop = client.loop();
        this.client = client;
        this.upstream = upstream;
        this.handler = handler;
        this.idleNanos = options.idleTimeout().toNanos();
        this.up = new RelayDirection(loop, client, upstream, options.clientGate(), options.first());
        this.down = new RelayDirection(loop, upstream, client, options.upstreamGate(), new byte[0]);
        this.lastActivity = loop.now();
        this.until = lastActivity + options.totalTimeout().toNanos();
        this.timer = schedule(Math.min(idleNanos, until - lastActivity));
    }

    /**
     * Takes both streams over; the handler is told of the end later, never before this returns.
     *
     * @throws IllegalArgumentException if the streams belong to different loops
     */
    public static Relay start(ByteStream client, ByteStream upstream, RelayOptions options, RelayHandler handler) {
        if (client.loop() != upstream.loop()) {
            throw new IllegalArgumentException("a relay's streams belong to one loop");
        }
        Relay relay = new Relay(client, upstream, options, handler);
        client.handler(relay);
        upstream.handler(relay);
        relay.pumpLater(relay.up);
        relay.pumpLater(relay.down);
        return relay;
    }

    /** Bytes that came from the client and were passed on. */
    public long bytesFromClient() {
        return up.passed();
    }

    /** Bytes that came from the upstream and were passed on. */
    public long bytesFromUpstream() {
        return down.passed();
    }

    /** Since when no byte has come from either side. */
    public Duration idle() {
        loop.requireLoop();
        return Duration.ofNanos(loop.now() - lastActivity);
    }

    /** Ends it now, with an error on both sides. */
    public void cut() {
        loop.requireLoop();
        end(RelayEnd.CUT);
    }

    @Override
    public void readable(ByteStream stream) {
        guardedPump(stream == client ? up : down);
    }

    @Override
    public void writable(ByteStream stream) {
        guardedPump(stream == client ? down : up);
    }

    /** Once at a time, however many events come in between. */
    private void pumpLater(RelayDirection direction) {
        if (direction.queue()) {
            loop.later(() -> {
                direction.unqueue();
                guardedPump(direction);
            });
        }
    }

    /** A fault, such as one of a gate, ends both sides; the loop would reset but the one that it called. */
    private void guardedPump(RelayDirection direction) {
        try {
            pump(direction);
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("a relay failed by a fault of its own code and is cut");
            end(RelayEnd.CUT);
        }
    }

    private void pump(RelayDirection direction) {
        if (over) {
            return;
        }
        RelayDirection.Progress progress = direction.pump((direction == up ? down : up).isFinished());
        if (direction.tookBytes()) {
            lastActivity = loop.now();
        }
        switch (progress) {
            case WAITING -> {}
            case MORE -> pumpLater(direction);
            case REFUSED -> end(RelayEnd.GATE);
            case SOURCE_BROKE -> end(direction == up ? RelayEnd.CLIENT_RESET : RelayEnd.UPSTREAM_RESET);
            case SINK_BROKE -> end(direction == up ? RelayEnd.UPSTREAM_RESET : RelayEnd.CLIENT_RESET);
            case ENDED -> {
                if (up.isFinished() && down.isFinished()) {
                    end(RelayEnd.CLEAN);
                }
            }
        }
        // A byte of one direction can open the gate of the other.
        if (!over && direction == down && up.waitsAtOpenGate()) {
            pump(up);
        }
    }

    private Timeout schedule(long nanos) {
        return loop.schedule(Duration.ofNanos(nanos), this::checkTime);
    }

    private void checkTime() {
        long idleLeft = idleNanos - (loop.now() - lastActivity);
        long left = until - loop.now();
        if (left <= 0) {
            end(RelayEnd.TOO_LONG);
        } else if (idleLeft <= 0) {
            end(RelayEnd.IDLE);
        } else {
            timer = schedule(Math.min(idleLeft, left));
        }
    }

    private void end(RelayEnd end) {
        if (over) {
            return;
        }
        over = true;
        timer.cancel();
        up.release();
        down.release();
        if (end == RelayEnd.CLEAN) {
            close(client);
            close(upstream);
        } else {
            upstream.reset();
            if (end != RelayEnd.GATE) {
                client.reset();
            }
        }
        handler.ended(this, end);
    }

    private static void close(ByteStream stream) {
        try {
            stream.end();
        } catch (StreamException e) {
            stream.reset();
        }
    }

    /** For tests and diagnosis: whether bytes go by splice(2) now. */
    boolean isSpliced(ByteStream from) {
        return (from == client ? up : down).isSpliced();
    }
}
