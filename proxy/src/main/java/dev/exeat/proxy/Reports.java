package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Attempt;
import dev.exeat.model.Reason;
import dev.exeat.net.EventLoop;
import dev.exeat.net.Relay;
import dev.exeat.net.Timeout;
import dev.exeat.policy.ByteCounts;
import dev.exeat.policy.CheckStatus;
import dev.exeat.policy.Decision;
import dev.exeat.policy.ReportEvent;
import dev.exeat.policy.ReportEvent.Event;
import dev.exeat.policy.Snapshot;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The reports of one connection, as Mixer's TCP filter makes them: "open" once it is permitted, "continue" every ten
 * seconds while it lasts, "close" at its end, also after a denial. Each is judged by the rules in force at its time.
 * Confined to one loop.
 */
final class Reports {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final EgressServices services;
    private final ConnectionTrace trace;
    private final @Nullable EventLoop loop;
    private @Nullable Relay relay;
    private @Nullable Timeout next;
    private long reportedReceived;
    private long reportedSent;

    /** @param loop null for a connection that ends without ever being carried */
    Reports(EgressServices services, ConnectionTrace trace, @Nullable EventLoop loop) {
        this.services = services;
        this.trace = trace;
        this.loop = loop;
    }

    /** @param received octets that have come from the client so far */
    void opened(Decision decision, int received) {
        report(Event.OPEN, decision.attempt(), new ByteCounts(received, 0, received, 0), null);
    }

    /** Reports of the relay's bytes from now on. */
    void carry(Relay carried) {
        relay = carried;
        scheduleNext();
    }

    private void scheduleNext() {
        if (loop != null) {
            next = loop.schedule(INTERVAL, this::continued);
        }
    }

    private void continued() {
        Relay carried = relay;
        Decision decision = trace.decision();
        if (carried != null && decision != null) {
            report(
                    Event.CONTINUE,
                    decision.attempt(),
                    counts(carried.bytesFromClient(), carried.bytesFromUpstream()),
                    null);
            reportedReceived = carried.bytesFromClient();
            reportedSent = carried.bytesFromUpstream();
        }
        scheduleNext();
    }

    /** The connection ended; its trace says how. A connection that never came to a decision is not reported. */
    void closed() {
        if (next != null) {
            next.cancel();
        }
        Decision decision = trace.decision();
        if (decision == null) {
            return;
        }
        Reason reason = trace.reason();
        CheckStatus check =
                reason != null && trace.verdict() == Verdict.DENIED ? CheckStatus.of(reason, trace.detail()) : null;
        report(Event.CLOSE, decision.attempt(), counts(trace.bytesFromClient(), trace.bytesFromUpstream()), check);
    }

    private ByteCounts counts(long received, long sent) {
        return new ByteCounts(received - reportedReceived, sent - reportedSent, received, sent);
    }

    private void report(Event event, Attempt attempt, ByteCounts bytes, @Nullable CheckStatus check) {
        Snapshot snapshot = services.policy().get();
        if (snapshot.hasReports()) {
            Duration lasted = Duration.ofNanos(trace.elapsedNanos());
            snapshot.report(new ReportEvent(
                            attempt, event, services.clock().instant(), bytes, lasted, trace.dialled(), check))
                    .forEach(services.reports()::write);
        }
    }
}
