package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.query.FlowReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records for tests of stores, as gateways write them. */
final class Entries {
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private Entries() {}

    static Entry open(String id, String host) {
        return entry(id, "open", host, "allowed", TIME, 0);
    }

    static Entry ended(String id, String host) {
        return entry(id, "final", host, "allowed", TIME, 10);
    }

    static Entry denied(String id, String host) {
        return entry(id, "final", host, "denied", TIME, 0);
    }

    static Entry at(String id, Instant time) {
        return entry(id, "final", "en.wikipedia.org", "allowed", time, 10);
    }

    private static Entry entry(String id, String event, String host, String verdict, Instant time, long bytes) {
        return Entry.of(new FlowReader().read("""
                                {"version":1,"time":"%s","id":"%s","event":"%s","listener":"tunnel","mode":"connect-h2",\
                                "identity":"spiffe://cluster.local/ns/default/sa/sleep-us","namespace":"default",\
                                "service_account":"sleep-us","source_address":"10.0.0.7","source_port":4711,\
                                "sni":"%s","port":443,"verdict":"%s","policy_digest":"0123456789abcdef",\
                                "hello":{"tls_versions":["TLSv1.3"],"alpn":["h2"],"ech":false,"post_quantum":true,"size":517},\
                                "bytes_received":%d,"bytes_sent":%d,"durations_us":{"dial":5,"total":1500}}""".formatted(time, id, event, host, verdict, bytes, 2 * bytes)));
    }

    static ConnectionRecord record(String id) {
        return new ConnectionRecord(
                id,
                Instant.EPOCH,
                ConnectionRecord.Event.FINAL,
                "tunnel",
                "connect-h2",
                new ConnectionRecord.Source(null, "10.0.0.1", 1),
                new ConnectionRecord.Names("a.test", null, 443),
                new ConnectionRecord.Route(List.of(), List.of(), List.of(), null),
                new ConnectionRecord.Ruling(ConnectionRecord.Verdict.ALLOWED, null, null, "", null, "01"),
                null,
                null,
                new ConnectionRecord.Traffic(1, 2, ""),
                new ConnectionRecord.Durations(1, 1, 1, 1, 1, 1));
    }

    static List<String> ids(FlowHistory history) {
        return read(history, dev.exeat.flow.query.FlowFilter.ALL, Window.ALL).stream()
                .map(stored -> stored.flow().id())
                .toList();
    }

    static List<StoredFlow> read(FlowHistory history, dev.exeat.flow.query.FlowFilter filter, Window window) {
        List<StoredFlow> flows = new ArrayList<>();
        history.read(filter, window, flows::add);
        return flows;
    }

    static List<MinuteSum> minutes(FlowHistory history, Instant since, Instant until) {
        List<MinuteSum> sums = new ArrayList<>();
        history.minutes(since, until, sums::add);
        return sums;
    }
}
