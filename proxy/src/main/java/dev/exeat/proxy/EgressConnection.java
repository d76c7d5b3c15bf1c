package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.Verdicts;
import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.hello.HelloWatcher;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.model.TlsAlert;
import dev.exeat.net.ByteStream;
import dev.exeat.net.IoBuffer;
import dev.exeat.net.Relay;
import dev.exeat.net.RelayEnd;
import dev.exeat.net.RelayHandler;
import dev.exeat.net.RelayOptions;
import dev.exeat.net.StreamException;
import dev.exeat.net.TcpStream;
import dev.exeat.net.Timeout;
import dev.exeat.net.TlsFacts;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.dial.Cancel;
import dev.exeat.proxy.dial.DialResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one connection through the gateway, from the first byte inside the tunnel to its one record:
 *
 * <pre>
 *   AwaitingHello ──► AwaitingRoom ──agree, decide──► Resolving ──guard──► Dialling ──► Splicing ──► Ended
 *        │                │                             │                    │            │           ▲
 *        └── alert ───────┴── alert ────────────────────┴── alert ───────────┴── alert ───┴───────────┘
 * </pre>
 *
 * Nothing leaves before the verdict: no byte, no dial, no DNS query. Only a {@link Permit} reaches
 * {@link #resolve}. Confined to the loop of its client's stream, but for {@link #cut}.
 */
final class EgressConnection implements ByteStream.Handler, RelayHandler, OpenConnections.Open {
    private static final Logger LOG = LoggerFactory.getLogger(EgressConnection.class);
    private static final byte[] NOTHING = {};
    private final EgressServices services;
    private final OpenConnections<EgressConnection> open;
    private final ByteStream client;
    private final ConnectionTrace trace;
    private final Reports reports;
    private ConnectionState state;
    private byte[] received = NOTHING;
    private int helloEnd;
    private CutCause cause = CutCause.DRAIN;

    private EgressConnection(
            EgressServices services, OpenConnections<EgressConnection> open, ByteStream client, ConnectionTrace trace) {
        this.services = services;
        this.open = open;
        this.client = client;
        this.trace = trace;
        this.reports = new Reports(services, trace, client.loop());
        this.state = new ConnectionState.AwaitingHello(
                new HelloReader(services.limits().helloOctets()),
                client.loop().schedule(services.limits().helloDeadline(), this::helloOverdue));
    }

    /**
     * Takes over a tunnel's stream, which {@link OpenConnections#admit} has let in.
     *
     * @param early bytes of the tunnel that were read together with its opening
     */
    static void start(
            EgressServices services,
            OpenConnections<EgressConnection> open,
            ByteStream client,
            ConnectionTrace trace,
            ByteBuffer early) {
        EgressConnection connection = new EgressConnection(services, open, client, trace);
        open.entered(connection);
        client.handler(connection);
        connection.peek(early);
        connection.readable(client);
    }

    @Override
    public void readable(ByteStream stream) {
        while (state instanceof ConnectionState.AwaitingHello) {
            IoBuffer scratch = stream.loop().scratch();
            scratch.bytes().clear();
            int read;
            try {
                read = stream.read(scratch);
            } catch (StreamException e) {
                end(Verdict.FAILED, Reason.CLIENT_GONE, String.valueOf(e.getMessage()), "client_reset");
                client.reset();
                return;
            }
            if (read == 0) {
                return;
            }
            if (read < 0) {
                refuse(Reason.HELLO_TRUNCATED, Reason.HELLO_TRUNCATED.description());
                return;
            }
            peek(scratch.bytes().flip());
        }
    }

    @Override
    public void writable(ByteStream stream) {
        // Only an alert is ever written before the relay takes over, and end() sees to it.
    }

    private void peek(ByteBuffer bytes) {
        if (!bytes.hasRemaining()
                || !(state instanceof ConnectionState.AwaitingHello(HelloReader reader, Timeout deadline))) {
            return;
        }
        switch (reader.feed(bytes)) {
            case HelloProgress.NeedMore _ -> {}
            case HelloProgress.Refused refused -> {
                deadline.cancel();
                trace.helloRefused(refused);
                refuse(refused.reason(), refused.alert(), refused.detail());
            }
            case HelloProgress.Complete complete -> {
                deadline.cancel();
                received = reader.received();
                helloEnd = complete.end();
                state = new ConnectionState.AwaitingRoom();
                new LogRoom(services, client.loop())
                        .await(
                                () -> state instanceof ConnectionState.AwaitingRoom,
                                room -> roomKnown(room, complete.facts()));
            }
        }
    }

    private void roomKnown(boolean room, HelloFacts hello) {
        if (room) {
            guarded(() -> agree(hello));
        } else {
            trace.hello(hello);
            refuse(Reason.LOG_FULL, Reason.LOG_FULL.description());
        }
    }

    /** A fault of a step before the dial denies, and has its record as every end has. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("id", trace.arrival().id()).setCause(e).log("a fault denies a connection");
            refuse(Reason.INTERNAL_ERROR, Reason.INTERNAL_ERROR.description());
        }
    }

    private void helloOverdue() {
        refuse(Reason.HELLO_TIMEOUT, Reason.HELLO_TIMEOUT.description());
    }

    private void agree(HelloFacts hello) {
        trace.hello(hello);
        switch (Agreement.check(trace.arrival(), hello)) {
            case Agreement.Result.Disagreed disagreed -> refuse(disagreed.reason(), disagreed.detail());
            case Agreement.Result.Agreed agreed -> decide(agreed.target(), hello);
        }
    }

    private void decide(HostPort target, HelloFacts hello) {
        Attempt attempt = trace.arrival().attempt(services.clock().instant(), target, hello);
        long start = System.nanoTime();
        Snapshot policy = services.policy().get();
        Decision decision = policy.decide(attempt);
        trace.decided(decision, policy, System.nanoTime() - start);
        services.look(decision, trace);
        switch (decision) {
            case Denial denial -> refuse(denial.reason(), denial.message());
            case Permit permit -> resolve(permit);
        }
    }

    private void resolve(Permit permit) {
        state = new ConnectionState.Resolving(permit);
        reports.opened(permit, received.length);
        long start = System.nanoTime();
        services.upstreams().resolve(permit, client.loop(), outcome -> {
            if (!(state instanceof ConnectionState.Resolving)) {
                return;
            }
            trace.resolved(outcome.resolved(), outcome.dropped(), outcome.cnames(), System.nanoTime() - start);
            switch (outcome) {
                case Upstreams.Unreachable unreachable -> refuse(unreachable.reason(), unreachable.detail());
                case Upstreams.Vetted vetted -> guarded(() -> dial(vetted));
            }
        });
    }

    private void dial(Upstreams.Vetted vetted) {
        long start = System.nanoTime();
        Cancel dial = services.upstreams().dial(vetted, client.loop(), result -> {
            switch (result) {
                case DialResult.Failed<TcpStream> failed -> {
                    trace.dialled(null, System.nanoTime() - start);
                    refuse(failed.reason(), failed.detail());
                }
                case DialResult.Connected<TcpStream> connected -> {
                    trace.dialled(connected.address(), System.nanoTime() - start);
                    splice(connected.stream());
                }
            }
        });
        state = new ConnectionState.Dialling(dial);
    }

    private void splice(TcpStream upstream) {
        HelloGates gates = new HelloGates(
                new HelloWatcher(
                        Objects.requireNonNull(trace.hello()), services.limits().helloOctets()),
                helloEnd);
        RelayOptions options = new RelayOptions(
                services.limits().idleTimeout(),
                services.limits().totalTimeout(),
                gates.client(),
                gates.upstream(),
                received);
        received = NOTHING;
        services.sink().opened(trace);
        Relay relay = Relay.start(client, upstream, options, this);
        state = new ConnectionState.Splicing(relay, gates);
        reports.carry(relay);
    }

    @Override
    public void ended(Relay relay, RelayEnd end) {
        if (!(state instanceof ConnectionState.Splicing(Relay _, HelloGates gates))) {
            return;
        }
        trace.bytes(relay.bytesFromClient(), relay.bytesFromUpstream());
        if (end == RelayEnd.GATE) {
            HelloProgress.Refused violation = gates.violation();
            if (violation != null) {
                refuse(violation.reason(), violation.alert(), violation.detail());
            } else {
                refuse(Reason.HELLO_TRUNCATED, "the client ended within its handshake");
            }
            return;
        }
        end(Verdict.ALLOWED, null, "", flag(end));
    }

    private String flag(RelayEnd end) {
        return switch (end) {
            case CLEAN -> "";
            case CUT -> cause.flag();
            default -> end.name().toLowerCase(Locale.ROOT);
        };
    }

    private void refuse(Reason reason, String detail) {
        refuse(reason, reason.alert(), detail);
    }

    /** Tells the application by an alert, so that it neither hangs nor guesses, and ends the connection. */
    private void refuse(Reason reason, TlsAlert alert, String detail) {
        if (state instanceof ConnectionState.Ended) {
            return;
        }
        end(Verdicts.of(reason), reason, detail, "");
        try {
            client.write(ByteBuffer.wrap(alert.record()));
            client.end();
        } catch (StreamException e) {
            client.reset();
        }
    }

    private void end(Verdict verdict, @Nullable Reason reason, String detail, String flag) {
        if (state instanceof ConnectionState.AwaitingHello(HelloReader _, Timeout deadline)) {
            deadline.cancel();
        }
        state = new ConnectionState.Ended();
        trace.end(verdict, reason, detail, flag);
        open.leave(this);
        services.sink().ended(trace);
        reports.closed();
    }

    @Override
    public ListenerKind listener() {
        return trace.arrival().listener();
    }

    @Override
    public @Nullable SpiffeId identity() {
        return trace.arrival().identity();
    }

    String id() {
        return trace.arrival().id();
    }

    /** What is to be seen of it now, asked for on its loop; empty once it has ended. Callable from any thread. */
    CompletableFuture<Optional<LiveConnection>> describe() {
        return onLoop(() -> state instanceof ConnectionState.Ended ? Optional.empty() : Optional.of(seen()));
    }

    private LiveConnection seen() {
        Relay relay = state instanceof ConnectionState.Splicing splicing ? splicing.relay() : null;
        Permit permit = trace.decision() instanceof Permit given ? given : null;
        return new LiveConnection(
                trace.arrival(),
                trace.sourcePort(),
                state.stage(),
                trace.target(),
                trace.dialled(),
                trace.start(),
                Duration.ofNanos(trace.elapsedNanos()),
                relay == null ? Duration.ofNanos(trace.elapsedNanos()) : relay.idle(),
                relay == null ? 0 : relay.bytesFromClient(),
                relay == null ? 0 : relay.bytesFromUpstream(),
                permit == null ? null : permit.rule(),
                permit == null ? "" : permit.digest());
    }

    /** What gave it leave, asked for on its loop; empty where it has none yet or has ended. Callable from any thread. */
    CompletableFuture<Optional<Leave>> leave() {
        return onLoop(() -> trace.decision() instanceof Permit permit && !(state instanceof ConnectionState.Ended)
                ? Optional.of(new Leave(permit, trace.outer()))
                : Optional.empty());
    }

    /**
     * On which grounds a connection is carried.
     *
     * @param outer what the outer handshake proved, or null on a listener without one
     */
    record Leave(Permit permit, @Nullable TlsFacts outer) {}

    private <T> CompletableFuture<T> onLoop(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            client.loop().execute(() -> answer.complete(question.get()));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    @Override
    public void cut() {
        cut(CutCause.DRAIN);
    }

    /** Ends the connection; callable from any thread, more than once. */
    void cut(CutCause why) {
        try {
            client.loop().execute(() -> cutNow(why));
        } catch (RejectedExecutionException e) {
            // The loop is closed, and has reset all its streams.
        }
    }

    private void cutNow(CutCause why) {
        cause = why;
        switch (state) {
            case ConnectionState.Splicing splicing -> splicing.relay().cut();
            case ConnectionState.Dialling dialling -> {
                dialling.dial().cancel();
                refuse(why.reason(), why.reason().description());
            }
            case ConnectionState.AwaitingHello _, ConnectionState.AwaitingRoom _, ConnectionState.Resolving _ ->
                refuse(why.reason(), why.reason().description());
            case ConnectionState.Ended _ -> {}
        }
    }
}
