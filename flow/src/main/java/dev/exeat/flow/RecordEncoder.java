package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.SpiffeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as one line of JSON, as {@code docs/record.schema.json} describes it and in the order of
 * {@code docs/records.md}; what is absent is left out. Identities stand whole, other names are capped at 255 characters, other text at 1,024, lists at
 * 64 entries. All but printable ASCII is escaped, so that no text of a client can steer a terminal. Stateless.
 */
public final class RecordEncoder {
    /** Raised when a field changes its meaning or goes; a new field does not raise it. */
    public static final int VERSION = 1;

    private static final int NAME = 255;
    private static final int TEXT = 1024;
    private static final int LIST = 64;
    private static final int SIZE = 1024;

    /** The record with its line feed. */
    public byte[] encode(ConnectionRecord record) {
        JsonLine json = new JsonLine(SIZE);
        json.number("version", VERSION);
        text(json, "time", UtcTime.text(record.time()), NAME);
        text(json, "id", record.id(), NAME);
        text(json, "event", record.event().code(), NAME);
        text(json, "listener", record.listener(), NAME);
        text(json, "mode", record.mode(), NAME);
        source(json, record.source());
        names(json, record);
        route(json, record.route());
        ruling(json, record.ruling(), record.time());
        shadow(json, record.ruling().shadow());
        hello(json, record.hello());
        outerTls(json, record.outerTls());
        json.number("bytes_received", record.traffic().received());
        json.number("bytes_sent", record.traffic().sent());
        text(json, "flag", record.traffic().flag(), NAME);
        durations(json, record.durations());
        return json.end();
    }

    private static void source(JsonLine json, ConnectionRecord.Source source) {
        SpiffeId identity = source.identity();
        if (identity != null) {
            text(json, "identity", identity.toString(), SpiffeId.MAX_LENGTH);
            text(json, "namespace", identity.namespace(), SpiffeId.MAX_LENGTH);
            text(json, "service_account", identity.serviceAccount(), SpiffeId.MAX_LENGTH);
        }
        text(json, "source_address", source.address(), NAME);
        json.number("source_port", source.port());
    }

    private static void names(JsonLine json, ConnectionRecord record) {
        HelloFacts hello = record.hello();
        if (hello != null) {
            text(json, "sni", hello.serverName().value(), NAME);
            text(json, "sni_raw", hello.rawName(), NAME);
        }
        text(json, "connect_name", record.names().connectName(), NAME);
        text(json, "outer_sni", record.names().outerSni(), NAME);
        if (record.names().port() != 0) {
            json.number("port", record.names().port());
        }
    }

    private static void route(JsonLine json, ConnectionRecord.Route route) {
        list(json, "resolved", route.resolved());
        list(json, "dropped", route.dropped());
        list(json, "cnames", route.cnames());
        text(json, "dialled_address", route.dialled(), NAME);
    }

    private static void ruling(JsonLine json, Ruling ruling, Instant time) {
        text(json, "verdict", ruling.verdict().code(), NAME);
        if (ruling.wouldDeny() != null) {
            text(json, "would_verdict", "denied", NAME);
            text(json, "would_reason", ruling.wouldDeny().code(), NAME);
        }
        if (ruling.reason() != null) {
            text(json, "reason", ruling.reason().code(), NAME);
        }
        text(json, "message", ruling.message(), TEXT);
        rule(json, ruling.rule());
        text(json, "nearest_miss", ruling.nearestMiss(), TEXT);
        text(json, "policy_digest", ruling.digest(), NAME);
        if (ruling.until() != null) {
            text(json, "until", ruling.until().toString(), NAME);
            json.number(
                    "days_left",
                    Math.max(0, Duration.between(time, ruling.until()).toDays()));
        }
        if (!ruling.marks().isEmpty()) {
            list(
                    json,
                    "marks",
                    ruling.marks().stream()
                            .map(mark -> mark.object().toString())
                            .toList());
        }
    }

    private static void rule(JsonLine json, @Nullable PolicyRef rule) {
        if (rule != null) {
            json.object("rule");
            text(json, "kind", rule.object().kind(), NAME);
            text(json, "namespace", rule.object().namespace(), NAME);
            text(json, "name", rule.object().name(), NAME);
            json.number("index", rule.index());
            json.endObject();
        }
    }

    private static void shadow(JsonLine json, ConnectionRecord.@Nullable Shadow shadow) {
        if (shadow != null) {
            json.object("shadow");
            text(json, "verdict", shadow.verdict(), NAME);
            if (shadow.reason() != null) {
                text(json, "reason", shadow.reason().code(), NAME);
            }
            text(json, "message", shadow.message(), TEXT);
            rule(json, shadow.rule());
            text(json, "digest", shadow.digest(), NAME);
            if (shadow.beforeHello()) {
                json.truth("before_hello", true);
            }
            json.endObject();
        }
    }

    private static void hello(JsonLine json, @Nullable HelloFacts hello) {
        if (hello == null) {
            return;
        }
        json.object("hello");
        if (!hello.versions().isEmpty()) {
            json.array("tls_versions");
            for (int version : hello.versions()) {
                json.element(TlsVersions.text(version), NAME);
            }
            json.endArray();
        }
        list(json, "alpn", hello.alpn());
        json.truth("ech", hello.ech());
        json.truth("post_quantum", hello.postQuantum());
        json.number("size", hello.length());
        json.endObject();
    }

    private static void outerTls(JsonLine json, ConnectionRecord.@Nullable OuterTls outer) {
        if (outer != null) {
            json.object("outer_tls");
            text(json, "version", outer.version(), NAME);
            text(json, "alpn", outer.alpn(), NAME);
            json.truth("resumed", outer.resumed());
            json.endObject();
        }
    }

    private static void durations(JsonLine json, Durations durations) {
        json.object("durations_us");
        micros(json, "handshake", durations.handshake());
        micros(json, "hello", durations.hello());
        micros(json, "decide", durations.decide());
        micros(json, "dns", durations.dns());
        micros(json, "dial", durations.dial());
        micros(json, "total", durations.total());
        json.endObject();
    }

    private static void micros(JsonLine json, String name, long nanos) {
        if (nanos >= 0) {
            json.number(name, nanos / 1000);
        }
    }

    private static void text(JsonLine json, String name, @Nullable String value, int cap) {
        if (value != null && !value.isEmpty()) {
            json.text(name, value, cap);
        }
    }

    private static void list(JsonLine json, String name, List<String> values) {
        if (!values.isEmpty()) {
            json.array(name);
            int count = Math.min(values.size(), LIST);
            for (int i = 0; i < count; i++) {
                json.element(values.get(i), NAME);
            }
            json.endArray();
        }
    }
}
