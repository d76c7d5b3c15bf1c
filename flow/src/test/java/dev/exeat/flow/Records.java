package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.OuterTls;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Shadow;
import dev.exeat.flow.ConnectionRecord.Source;
import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records for tests: one with every field, one with as few as there can be, and variations. */
public final class Records {
    public static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    private Records() {}

    public static ConnectionRecord full() {
        return record(Verdict.DENIED, Reason.POLICY_DENIED, "EN.wikipedia.org");
    }

    /** One of the longest identity that there can be. */
    public static ConnectionRecord longIdentity() {
        String start = "spiffe://cluster.local/ns/n" + "n".repeat(500) + "/sa/";
        return from(new Source(
                SpiffeId.parse(start + "s".repeat(SpiffeId.MAX_LENGTH - start.length())), "10.1.2.3", 4567));
    }

    public static ConnectionRecord from(Source source) {
        ConnectionRecord usual = full();
        return new ConnectionRecord(
                usual.id(),
                usual.time(),
                usual.event(),
                usual.listener(),
                usual.mode(),
                source,
                usual.names(),
                usual.route(),
                usual.ruling(),
                usual.hello(),
                usual.outerTls(),
                usual.traffic(),
                usual.durations());
    }

    /** A handshake that failed. */
    public static ConnectionRecord least() {
        return new ConnectionRecord(
                "abc-2",
                TIME,
                ConnectionRecord.Event.FINAL,
                "tunnel",
                "unknown",
                new Source(null, "10.1.2.3", 4567),
                new Names(null, null, 0),
                new Route(List.of(), List.of(), List.of(), null),
                new Ruling(Verdict.FAILED, null, Reason.HANDSHAKE_FAILED, "", null, ""),
                null,
                null,
                new Traffic(0, 0, ""),
                new Durations(-1, -1, -1, -1, -1, 6_000));
    }

    public static ConnectionRecord record(Verdict verdict, @Nullable Reason reason, String hostile) {
        return new ConnectionRecord(
                "abc-1",
                TIME,
                ConnectionRecord.Event.FINAL,
                "tunnel",
                "connect-h2",
                new Source(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep-us"), "10.1.2.3", 4567),
                new Names("en.wikipedia.org", "gw.test", 443),
                new Route(List.of("1.2.3.4"), List.of("10.0.0.5 private"), List.of("cdn.test"), "1.2.3.4:443"),
                new Ruling(
                        verdict,
                        Reason.POLICY_DENIED,
                        reason,
                        "PERMISSION_DENIED:x",
                        new PolicyRef(new ObjectKey("config.istio.io", "rule", "istio-system", "check"), 0),
                        "0123456789abcdef",
                        Instant.parse("2026-01-31T00:00:00Z"),
                        List.of(new PolicyRef(
                                new ObjectKey("security.istio.io", "AuthorizationPolicy", "default", "watch"), 0)),
                        "EgressPolicy/default/a: *.test.org does not cover test.org itself",
                        new Shadow(
                                "allowed",
                                Reason.POLICY_DENIED,
                                "no EgressPolicy allows it",
                                new PolicyRef(new ObjectKey("exeat.dev", "EgressPolicy", "default", "b"), 1),
                                "fedcba9876543210",
                                true)),
                new HelloFacts(
                        new ServerName("en.wikipedia.org"),
                        hostile,
                        List.of(0x0304, 0x0303),
                        List.of("h2"),
                        true,
                        true,
                        517),
                new OuterTls("TLSv1.3", "h2", true),
                new Traffic(10, 20, "upstream_reset"),
                new Durations(1_000, 2_000, 3_000, 4_000, 5_000, 6_000));
    }

    /** One that was denied before anything was dialled. */
    static ConnectionRecord to(String host) {
        ConnectionRecord usual = full();
        HelloFacts hello =
                new HelloFacts(new ServerName(host), host, List.of(0x0304), List.of("h2"), false, false, 517);
        return new ConnectionRecord(
                usual.id(),
                usual.time(),
                usual.event(),
                usual.listener(),
                usual.mode(),
                usual.source(),
                usual.names(),
                new Route(List.of(), List.of(), List.of(), null),
                usual.ruling(),
                hello,
                usual.outerTls(),
                usual.traffic(),
                usual.durations());
    }

    /** One without identity and ClientHello, whose CONNECT named this. */
    static ConnectionRecord refused(String connectName) {
        ConnectionRecord least = least();
        return new ConnectionRecord(
                least.id(),
                least.time(),
                least.event(),
                least.listener(),
                least.mode(),
                least.source(),
                new Names(connectName, null, 443),
                least.route(),
                least.ruling(),
                null,
                null,
                least.traffic(),
                least.durations());
    }

    /** One that is carried from now on, before a byte came back. */
    public static ConnectionRecord opened() {
        return carried(ConnectionRecord.Event.OPEN, new Traffic(517, 0, ""), 21_000_000);
    }

    /** The end of the same. */
    public static ConnectionRecord closed() {
        return carried(ConnectionRecord.Event.FINAL, new Traffic(1_320, 64_810, ""), 1_530_000_000);
    }

    /** One that a rule denied before it was carried. */
    public static ConnectionRecord denied() {
        return new ConnectionRecord(
                "abc-8",
                TIME,
                ConnectionRecord.Event.FINAL,
                "tunnel",
                "connect-h2",
                new Source(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep-canada"), "10.1.2.4", 4568),
                new Names("es.wikipedia.org", "gw.test", 443),
                new Route(List.of(), List.of(), List.of(), null),
                new Ruling(
                        Verdict.DENIED,
                        null,
                        Reason.POLICY_DENIED,
                        "PERMISSION_DENIED:canada-wikipedia-checker.istio-system:es.wikipedia.org is not whitelisted",
                        new PolicyRef(new ObjectKey("config.istio.io", "rule", "istio-system", "check-canada"), 0),
                        "0123456789abcdef"),
                null,
                new OuterTls("TLSv1.3", "h2", false),
                new Traffic(0, 0, ""),
                new Durations(1_200_000, -1, 4_000, -1, -1, 1_300_000));
    }

    private static ConnectionRecord carried(ConnectionRecord.Event event, Traffic traffic, long nanos) {
        return new ConnectionRecord(
                "abc-7",
                TIME,
                event,
                "tunnel",
                "connect-h2",
                new Source(SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep-us"), "10.1.2.3", 4567),
                new Names("en.wikipedia.org", "gw.test", 443),
                new Route(List.of("198.51.100.7"), List.of(), List.of(), "198.51.100.7:443"),
                new Ruling(
                        Verdict.ALLOWED,
                        null,
                        null,
                        "",
                        new PolicyRef(
                                new ObjectKey("networking.istio.io", "ServiceEntry", "istio-system", "wikipedia"), 0),
                        "0123456789abcdef"),
                new HelloFacts(
                        new ServerName("en.wikipedia.org"),
                        "en.wikipedia.org",
                        List.of(0x0304, 0x0303),
                        List.of("h2", "http/1.1"),
                        false,
                        true,
                        517),
                new OuterTls("TLSv1.3", "h2", true),
                traffic,
                new Durations(1_200_000, 1_900_000, 4_000, 9_000_000, 8_000_000, nanos));
    }

    /** Every text that a client or a name server can choose. */
    public static ConnectionRecord hostile(String text) {
        ConnectionRecord usual = full();
        return new ConnectionRecord(
                usual.id(),
                usual.time(),
                ConnectionRecord.Event.FINAL,
                usual.listener(),
                usual.mode(),
                usual.source(),
                new Names(text, text, 443),
                new Route(List.of("1.2.3.4"), List.of(text), List.of(text, text), "1.2.3.4:443"),
                new Ruling(Verdict.DENIED, null, Reason.POLICY_DENIED, text, null, ""),
                new HelloFacts(
                        new ServerName("en.wikipedia.org"), text, List.of(0x0304), List.of(text), false, false, 517),
                new OuterTls("TLSv1.3", text, false),
                usual.traffic(),
                usual.durations());
    }
}
