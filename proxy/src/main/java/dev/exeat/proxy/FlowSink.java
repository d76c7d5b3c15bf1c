package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.OuterTls;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Source;
import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.Metrics;
import dev.exeat.flow.RecentRecords;
import dev.exeat.flow.log.ConnectionLogs;
import dev.exeat.flow.store.FlowWriter;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.net.TlsFacts;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.Snapshot;
import dev.exeat.proxy.h2.Abuse;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the records of a connection, and counts it when it has ended. Thread-safe. */
public final class FlowSink implements TraceSink {
    private final Metrics metrics;
    private final ConnectionLogs logs;
    private final @Nullable FlowWriter history;
    private final RecentRecords recent;
    private final NearestMisses misses;
    private final LimitWatch limits;

    /**
     * @param history null where no history is kept
     * @param recent where the latest are kept
     * @param misses completes the records of denied connections
     */
    public FlowSink(
            Metrics metrics,
            ConnectionLogs logs,
            @Nullable FlowWriter history,
            RecentRecords recent,
            NearestMisses misses) {
        this.metrics = metrics;
        this.history = history;
        this.recent = recent;
        this.logs = logs;
        this.misses = misses;
        this.limits = new LimitWatch(metrics, System::nanoTime);
        metrics.showAbuse(Arrays.stream(Abuse.values()).map(Abuse::code));
    }

    @Override
    public void opened(ConnectionTrace trace) {
        boolean counts = metrics.countsOpened();
        if (history == null && !counts && !logs.hasOpens()) {
            return;
        }
        ConnectionRecord record = record(trace, Event.OPEN);
        if (counts) {
            metrics.opened(record);
        }
        logs.write(record);
        if (history != null) {
            history.write(record);
        }
    }

    @Override
    public void ended(ConnectionTrace trace) {
        ConnectionRecord record = record(trace, Event.FINAL);
        metrics.ended(trace.arrival().listener(), record);
        limits.ended(trace);
        recent.add(record);
        Snapshot denying = trace.denying();
        if (denying != null && trace.decision() instanceof Denial denial) {
            misses.complete(new NearestMisses.Denied(record, denial, denying, this::completed));
        } else {
            write(record);
        }
    }

    private void completed(ConnectionRecord record) {
        recent.replace(record);
        write(record);
    }

    private void write(ConnectionRecord record) {
        logs.write(record);
        if (history != null) {
            history.write(record);
        }
    }

    @Override
    public boolean hasRoom() {
        return logs.hasRoom();
    }

    @Override
    public void handshake(String result, long nanos) {
        metrics.handshake(result, nanos);
    }

    @Override
    public void abuse(Abuse kind) {
        metrics.abuse(kind.code());
    }

    private static ConnectionRecord record(ConnectionTrace trace, Event event) {
        Arrival arrival = trace.arrival();
        return new ConnectionRecord(
                arrival.id(),
                trace.start(),
                event,
                arrival.listener().code(),
                arrival.mode().code(),
                new Source(arrival.identity(), arrival.sourceAddress().toString(), trace.sourcePort()),
                names(trace),
                route(trace),
                ruling(trace, event),
                trace.hello(),
                outer(trace.outer()),
                new Traffic(trace.bytesFromClient(), trace.bytesFromUpstream(), trace.flag()),
                durations(trace));
    }

    private static Names names(ConnectionTrace trace) {
        HostPort connect = trace.arrival().connectTarget();
        HostPort target = trace.target();
        int port = target != null ? target.port() : connect != null ? connect.port() : 0;
        TlsFacts outer = trace.outer();
        String outerName = outer == null || outer.serverName().isEmpty() ? null : outer.serverName();
        return new Names(connect == null ? null : connect.host().value(), outerName, port);
    }

    private static Route route(ConnectionTrace trace) {
        InetSocketAddress dialled = trace.dialled();
        return new Route(
                texts(trace.resolved()), trace.dropped(), trace.cnames(), dialled == null ? null : text(dialled));
    }

    private static List<String> texts(List<IpAddress> addresses) {
        return switch (addresses.size()) {
            case 0 -> List.of();
            case 1 -> List.of(addresses.getFirst().toString());
            default -> addresses.stream().map(IpAddress::toString).toList();
        };
    }

    private static String text(InetSocketAddress address) {
        IpAddress ip = IpAddress.of(address.getAddress());
        return (ip.isV4() ? ip.toString() : "[" + ip + "]") + ":" + address.getPort();
    }

    private static Ruling ruling(ConnectionTrace trace, Event event) {
        Decision decision = trace.decision();
        Reason wouldDeny = null;
        PolicyRef rule = null;
        String message = trace.detail();
        Instant until = null;
        List<PolicyRef> marks = List.of();
        switch (decision) {
            case Permit permit -> {
                rule = permit.rule();
                until = permit.until();
                marks = permit.marks();
                Denial would = permit.wouldDeny();
                if (would != null) {
                    wouldDeny = would.reason();
                    rule = would.rule();
                    until = would.until();
                    message = message.isEmpty() ? would.message() : message;
                }
            }
            case Denial denial -> rule = denial.rule();
            case null -> {}
        }
        return new Ruling(
                event == Event.OPEN ? Verdict.ALLOWED : trace.verdict(),
                wouldDeny,
                trace.reason(),
                message,
                rule,
                decision == null ? "" : decision.digest(),
                until,
                marks,
                "",
                trace.shadow());
    }

    private static @Nullable OuterTls outer(@Nullable TlsFacts facts) {
        return facts == null || facts.version().isEmpty()
                ? null
                : new OuterTls(facts.version(), facts.alpn(), facts.resumed());
    }

    private static Durations durations(ConnectionTrace trace) {
        ConnectionTrace.Timings timings = trace.timings();
        return new Durations(
                timings.handshake(),
                timings.hello(),
                timings.decide(),
                timings.dns(),
                timings.dial(),
                trace.elapsedNanos());
    }
}
