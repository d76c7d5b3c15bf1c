package dev.exeat.proxy.workload;

import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
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
import dev.exeat.proxy.OpenConnections;
import dev.exeat.proxy.capture.Redirection;
import dev.exeat.proxy.h2.OpenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The way of one application's connection through the workload proxy:
 *
 * <pre>
 *   http:   AwaitingRequest ──► Opening ──200──► AwaitingHello ──agree──► Splicing ──► Ended
 *   alert:  AwaitingRequest ──200──► AwaitingHello ──agree──► Opening ──► Splicing ──► Ended
 *   redirected:                      AwaitingHello ──agree──► Opening ──► Splicing ──► Ended
 * </pre>
 *
 * In the first order the gateway's refusal answers the CONNECT; in the second, and for a SOCKS5 request that names
 * only an address, and for a redirected connection, it becomes a TLS alert. A ClientHello with another name than was asked for never leaves the host.
 * Confined to the loop of the application's stream, but for {@link #cut}.
 */
final class WorkloadConnection implements ByteStream.Handler, RelayHandler, OpenConnections.Open {

    private enum State {
        AWAITING_REQUEST,
        OPENING,
        AWAITING_HELLO,
        SPLICING,
        ENDED
    }

    private final WorkloadServices services;
    private final GatewayPool pool;
    private final ByteStream application;
    private final ListenerKind listener;
    private final RequestReader requests = new RequestReader();
    private final HelloReader hellos;
    private final Timeout deadline;
    private State state = State.AWAITING_REQUEST;
    private RequestReader.@Nullable Request request;
    private @Nullable HostPort target;
    /** Of a redirected connection, where the application wanted to go. */
    private @Nullable InetSocketAddress destination;

    private @Nullable ByteStream tunnel;
    private @Nullable Relay relay;
    private boolean helloComplete;

    private WorkloadConnection(
            WorkloadServices services, GatewayPool pool, ByteStream application, ListenerKind listener) {
        this.services = services;
        this.pool = pool;
        this.application = application;
        this.listener = listener;
        this.hellos = new HelloReader(services.limits().helloOctets());
        this.deadline = application.loop().schedule(services.limits().helloDeadline(), this::overdue);
    }

    static void start(WorkloadServices services, GatewayPool pool, ByteStream application) {
        WorkloadConnection connection = new WorkloadConnection(services, pool, application, ListenerKind.WORKLOAD);
        if (connection.entered()) {
            connection.begin();
        }
    }

    /** @param gateways to which no redirected connection may lead */
    static void startRedirected(
            WorkloadServices services, GatewayPool pool, TcpStream application, List<InetSocketAddress> gateways) {
        WorkloadConnection connection = new WorkloadConnection(services, pool, application, ListenerKind.TRANSPARENT);
        if (!connection.entered()) {
            return;
        }
        switch (Redirection.of(application, gateways)) {
            case Redirection.Refused refused -> connection.abandon(refused.reason(), refused.detail());
            case Redirection.To(InetSocketAddress destination) -> {
                connection.destination = destination;
                connection.state = State.AWAITING_HELLO;
                connection.begin();
            }
        }
    }

    private boolean entered() {
        Reason full = services.open().enter(this);
        if (full != null) {
            abandon(full, full.description());
        }
        return full == null;
    }

    private void begin() {
        application.handler(this);
        readable(application);
    }

    @Override
    public void readable(ByteStream stream) {
        while (state == State.AWAITING_REQUEST || state == State.AWAITING_HELLO) {
            IoBuffer scratch = stream.loop().scratch();
            scratch.bytes().clear();
            int read;
            try {
                read = stream.read(scratch);
            } catch (StreamException e) {
                abandon(Reason.CLIENT_GONE, "the application broke the connection");
                return;
            }
            if (read == 0) {
                return;
            }
            if (read < 0) {
                abandon(
                        state == State.AWAITING_HELLO ? Reason.HELLO_TRUNCATED : Reason.CLIENT_GONE,
                        "the application ended the connection");
                return;
            }
            take(scratch.bytes().flip());
        }
    }

    @Override
    public void writable(ByteStream stream) {
        // Answers are small, and the relay writes for itself.
    }

    private void take(ByteBuffer bytes) {
        while (bytes.hasRemaining() && state == State.AWAITING_REQUEST) {
            switch (requests.read(bytes)) {
                case RequestReader.Incomplete _ -> {}
                case RequestReader.Answer answer -> send(answer.bytes());
                case RequestReader.Refused refused -> {
                    send(refused.bytes());
                    finish(refused.reason(), refused.detail());
                }
                case RequestReader.Request asked -> asked(asked, bytes);
            }
        }
        if (state == State.AWAITING_HELLO) {
            peek(bytes);
        }
    }

    private void asked(RequestReader.Request asked, ByteBuffer early) {
        request = asked;
        target = asked.target();
        if (services.onDeny() == OnDeny.HTTP && target != null) {
            // What the application sent ahead of the answer waits in the reader; nothing leaves before the verdict.
            feedEarly(early);
            open(target);
        } else {
            send(asked.established());
            state = State.AWAITING_HELLO;
        }
    }

    private void feedEarly(ByteBuffer early) {
        if (early.hasRemaining()) {
            earlyProgress = hellos.feed(early);
        }
    }

    private @Nullable HelloProgress earlyProgress;

    private void peek(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            judge(hellos.feed(bytes));
        }
    }

    private void judge(HelloProgress progress) {
        switch (progress) {
            case HelloProgress.NeedMore _ -> {}
            case HelloProgress.Refused refused
            when destination != null && PlainHttp.begins(hellos.received()) -> {
                send(PlainHttp.refusal());
                finish(refused.reason(), refused.detail());
            }
            case HelloProgress.Refused refused -> refuse(refused.reason(), refused.alert(), refused.detail());
            case HelloProgress.Complete complete -> agree(complete.facts());
        }
    }

    private void agree(HelloFacts hello) {
        helloComplete = true;
        HostPort asked = target;
        if (asked != null && !asked.host().equals(hello.serverName())) {
            refuse(
                    Reason.SNI_MISMATCH,
                    Reason.SNI_MISMATCH.alert(),
                    "the application asked for " + asked.host() + ", but its ClientHello names " + hello.serverName());
            return;
        }
        InetSocketAddress to = destination;
        if (to != null && !services.reserved().agrees(IpAddress.of(to.getAddress()), hello.serverName())) {
            refuse(
                    Reason.SNI_MISMATCH,
                    Reason.SNI_MISMATCH.alert(),
                    "the ClientHello names " + hello.serverName() + ", whose address is not the one connected to");
            return;
        }
        if (tunnel != null) {
            splice(tunnel);
        } else {
            target = new HostPort(hello.serverName(), wantedPort());
            open(target);
        }
    }

    private int wantedPort() {
        if (destination != null) {
            return destination.getPort();
        }
        return request == null ? 443 : request.port();
    }

    private void open(HostPort wanted) {
        state = State.OPENING;
        pool.open(wanted.toString(), new OpenHandler() {
            @Override
            public void opened(ByteStream stream) {
                WorkloadConnection.this.opened(stream);
            }

            @Override
            public void refused(int status, byte[] body) {
                refusedByGateway(status, body);
            }

            @Override
            public void failed(boolean untouched, String detail) {
                unreachable(detail);
            }
        });
    }

    private void opened(ByteStream stream) {
        if (state != State.OPENING) {
            stream.reset();
            return;
        }
        tunnel = stream;
        if (helloComplete) {
            splice(stream);
            return;
        }
        RequestReader.Request from = request;
        if (from != null) {
            send(from.established());
        }
        state = State.AWAITING_HELLO;
        HelloProgress early = earlyProgress;
        if (early != null) {
            judge(early);
        }
        if (state == State.AWAITING_HELLO) {
            readable(application);
        }
    }

    private void refusedByGateway(int status, byte[] body) {
        if (state != State.OPENING) {
            return;
        }
        RequestReader.Request from = request;
        if (helloComplete || from == null) {
            TlsAlert alert = status == 403 ? TlsAlert.ACCESS_DENIED : TlsAlert.INTERNAL_ERROR;
            refuse(Reason.GATEWAY_DENIED, alert, GatewayAnswer.message(status, body));
        } else {
            send(from.refused(status, body));
            finish(Reason.GATEWAY_DENIED, GatewayAnswer.message(status, body));
        }
    }

    private void unreachable(String detail) {
        if (state != State.OPENING) {
            return;
        }
        RequestReader.Request from = request;
        if (helloComplete || from == null) {
            refuse(Reason.GATEWAY_UNREACHABLE, TlsAlert.INTERNAL_ERROR, detail);
        } else {
            send(from.refused(Reason.GATEWAY_UNREACHABLE, detail));
            finish(Reason.GATEWAY_UNREACHABLE, detail);
        }
    }

    private void splice(ByteStream stream) {
        deadline.cancel();
        state = State.SPLICING;
        RelayOptions options = new RelayOptions(
                services.limits().idleTimeout(), services.limits().totalTimeout(), null, null, hellos.received());
        relay = Relay.start(application, stream, options, this);
    }

    @Override
    public void ended(Relay ended, RelayEnd end) {
        if (state == State.SPLICING) {
            state = State.ENDED;
            services.open().leave(this);
            services.events()
                    .carried(listener, String.valueOf(target), ended.bytesFromClient(), ended.bytesFromUpstream());
        }
    }

    private void refuse(Reason reason, TlsAlert alert, String detail) {
        send(ByteBuffer.wrap(alert.record()));
        finish(reason, detail);
    }

    private void overdue() {
        if (state == State.AWAITING_HELLO) {
            refuse(Reason.HELLO_TIMEOUT, TlsAlert.INTERNAL_ERROR, Reason.HELLO_TIMEOUT.description());
        } else if (state == State.AWAITING_REQUEST) {
            abandon(Reason.CLIENT_GONE, "the application sent no request in time");
        } else if (state == State.OPENING) {
            unreachable("the gateway did not answer in time");
        }
    }

    private void send(ByteBuffer bytes) {
        try {
            application.write(bytes);
        } catch (StreamException e) {
            // The application is gone; reading tells so too.
        }
    }

    /** Ends politely: what was sent reaches the application. */
    private void finish(Reason reason, String detail) {
        leave(reason, detail);
        application.end();
    }

    private void abandon(Reason reason, String detail) {
        leave(reason, detail);
        application.reset();
    }

    private void leave(Reason reason, String detail) {
        state = State.ENDED;
        deadline.cancel();
        if (tunnel != null) {
            tunnel.reset();
        }
        services.open().leave(this);
        services.events().refused(listener, wanted(), reason, detail);
    }

    private @Nullable String wanted() {
        if (target != null) {
            return target.toString();
        }
        return destination == null ? null : IpAddress.of(destination.getAddress()) + " port " + destination.getPort();
    }

    @Override
    public ListenerKind listener() {
        return listener;
    }

    @Override
    public void cut() {
        try {
            application.loop().execute(this::cutNow);
        } catch (RejectedExecutionException e) {
            // The loop is closed, and has reset all its streams.
        }
    }

    private void cutNow() {
        if (relay != null && state == State.SPLICING) {
            relay.cut();
        } else if (state != State.ENDED) {
            abandon(Reason.DRAINING, Reason.DRAINING.description());
        }
    }
}
