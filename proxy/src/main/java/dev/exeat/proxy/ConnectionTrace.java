package dev.exeat.proxy;

import dev.exeat.flow.ConnectionRecord.Shadow;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.hello.HelloProgress;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.net.TlsFacts;
import dev.exeat.policy.Decision;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Snapshot;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of one connection on its way, step by step, until {@link #end} makes it final. Confined to one loop;
 * the record is made from it once.
 */
public final class ConnectionTrace {

    private final Arrival arrival;
    private final int sourcePort;
    private final Instant start;
    private final long startNanos = System.nanoTime();
    private @Nullable TlsFacts outer;
    private @Nullable HelloFacts hello;
    private @Nullable Decision decision;
    private @Nullable Snapshot denying;
    private @Nullable Shadow shadow;
    private @Nullable HostPort target;
    private List<IpAddress> resolved = List.of();
    private List<String> dropped = List.of();
    private List<String> cnames = List.of();
    private @Nullable InetSocketAddress dialled;
    private long handshakeNanos = -1;
    private long helloNanos = -1;
    private long decideNanos = -1;
    private long dnsNanos = -1;
    private long dialNanos = -1;
    private long bytesFromClient;
    private long bytesFromUpstream;
    private Verdict verdict = Verdict.FAILED;
    private @Nullable Reason reason;
    private String detail = "";
    private String flag = "";

    ConnectionTrace(Arrival arrival, int sourcePort, Instant start) {
        this.arrival = arrival;
        this.sourcePort = sourcePort;
        this.start = start;
    }

    void outer(TlsFacts facts, long nanos) {
        outer = facts;
        handshakeNanos = nanos;
    }

    void hello(HelloFacts facts) {
        hello = facts;
        helloNanos = System.nanoTime() - startNanos;
    }

    void helloRefused(HelloProgress.Refused refused) {
        helloNanos = System.nanoTime() - startNanos;
        detail = refused.detail();
    }

    /** @param policy the one that decided */
    void decided(Decision made, Snapshot policy, long nanos) {
        decision = made;
        // Of a connection that lasts it would keep a policy in memory that is long gone.
        denying = made instanceof Denial ? policy : null;
        target = made.attempt().target();
        decideNanos = nanos;
    }

    /** @param verdict of policies that only look on; null where they say the same */
    void shadowed(@Nullable Shadow verdict) {
        shadow = verdict;
    }

    void resolved(List<IpAddress> addresses, List<String> refused, List<String> chain, long nanos) {
        resolved = addresses;
        dropped = refused;
        cnames = chain;
        dnsNanos = nanos;
    }

    void dialled(@Nullable InetSocketAddress address, long nanos) {
        dialled = address;
        dialNanos = nanos;
    }

    void bytes(long fromClient, long fromUpstream) {
        bytesFromClient = fromClient;
        bytesFromUpstream = fromUpstream;
    }

    /** Makes it final. */
    void end(Verdict last, @Nullable Reason why, String message, String ending) {
        verdict = last;
        reason = why;
        detail = message;
        flag = ending;
    }

    public Arrival arrival() {
        return arrival;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public Instant start() {
        return start;
    }

    /** From the start of the connection to now, in nanoseconds. */
    public long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    public @Nullable TlsFacts outer() {
        return outer;
    }

    public @Nullable HelloFacts hello() {
        return hello;
    }

    public @Nullable Decision decision() {
        return decision;
    }

    /** The policy that denied it; null where none did. */
    @Nullable
    Snapshot denying() {
        return denying;
    }

    /** What policies that only look on say, where that is another verdict; else null. */
    public @Nullable Shadow shadow() {
        return shadow;
    }

    public @Nullable HostPort target() {
        return target;
    }

    public List<IpAddress> resolved() {
        return resolved;
    }

    public List<String> dropped() {
        return dropped;
    }

    public List<String> cnames() {
        return cnames;
    }

    public @Nullable InetSocketAddress dialled() {
        return dialled;
    }

    /** Durations in nanoseconds; -1 for a step that was not reached. */
    public Timings timings() {
        return new Timings(handshakeNanos, helloNanos, decideNanos, dnsNanos, dialNanos);
    }

    public record Timings(long handshake, long hello, long decide, long dns, long dial) {}

    public long bytesFromClient() {
        return bytesFromClient;
    }

    public long bytesFromUpstream() {
        return bytesFromUpstream;
    }

    public Verdict verdict() {
        return verdict;
    }

    public @Nullable Reason reason() {
        return reason;
    }

    /** One line for people; may hold hostile text. */
    public String detail() {
        return detail;
    }

    /** How the tunnel ended where that was not in order, as in {@code upstream_reset}; else empty. */
    public String flag() {
        return flag;
    }
}
