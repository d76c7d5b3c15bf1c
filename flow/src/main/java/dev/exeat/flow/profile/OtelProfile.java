package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.JsonLine;
import dev.exeat.flow.TlsVersions;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.SpiffeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code LogRecord} of OpenTelemetry's log data model in OTLP's JSON, without the envelope that {@link OtelEnvelope}
 * puts around one or many. Attributes have the names of the semantic conventions where those have one, else begin with
 * {@code exeat.}; the events of a connection have its id as {@code exeat.connection.id}.
 */
public final class OtelProfile implements ProfileEncoder {
    private static final int SIZE = 1536;
    private static final int INFO = 9;
    private static final int WARN = 13;
    private static final int ERROR = 17;
    private static final long NANOS = 1_000_000_000L;

    @Override
    public byte[] encode(ConnectionRecord record) {
        Moment moment = Moment.of(record);
        JsonLine line = new JsonLine(SIZE);
        String nanos = nanos(Facts.when(record));
        line.text("timeUnixNano", nanos, Facts.NAME);
        line.text("observedTimeUnixNano", nanos, Facts.NAME);
        Verdict verdict = record.ruling().verdict();
        line.number("severityNumber", severity(verdict));
        line.text("severityText", severityText(verdict), Facts.NAME);
        line.text("eventName", "exeat.connection." + moment.code(), Facts.NAME);
        line.object("body");
        line.text("stringValue", body(record), Facts.TEXT);
        line.endObject();
        line.array("attributes");
        attributes(line, record, moment);
        line.endArray();
        return line.end();
    }

    private static int severity(Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> INFO;
            case DENIED -> WARN;
            case FAILED -> ERROR;
        };
    }

    private static String severityText(Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> "INFO";
            case DENIED -> "WARN";
            case FAILED -> "ERROR";
        };
    }

    private static String body(ConnectionRecord record) {
        SpiffeId identity = record.source().identity();
        String host = Facts.host(record);
        String reason = Facts.reason(record);
        return record.ruling().verdict().code() + " "
                + (identity == null ? record.source().address() : identity.toString())
                + " -> " + (host == null ? "?" : host) + ":" + record.names().port()
                + (reason == null ? "" : " " + reason);
    }

    private static void attributes(JsonLine line, ConnectionRecord record, Moment moment) {
        text(line, "exeat.connection.id", record.id());
        text(line, "exeat.connection.listener", record.listener());
        text(line, "exeat.connection.mode", record.mode());
        source(line, record);
        destination(line, record);
        text(line, "network.transport", "tcp");
        ruling(line, record);
        hello(line, record.hello());
        if (moment != Moment.OPEN) {
            number(line, "exeat.bytes.received", record.traffic().received());
            number(line, "exeat.bytes.sent", record.traffic().sent());
            number(line, "exeat.duration_us", Math.max(0, record.durations().total()) / 1000);
            text(line, "exeat.flag", record.traffic().flag());
        }
    }

    private static void source(JsonLine line, ConnectionRecord record) {
        text(line, "client.address", record.source().address());
        number(line, "client.port", record.source().port());
        SpiffeId identity = record.source().identity();
        if (identity != null) {
            text(line, "exeat.identity", identity.toString(), SpiffeId.MAX_LENGTH);
            text(line, "k8s.namespace.name", identity.namespace(), SpiffeId.MAX_LENGTH);
            text(line, "exeat.service_account", identity.serviceAccount(), SpiffeId.MAX_LENGTH);
        }
    }

    private static void destination(JsonLine line, ConnectionRecord record) {
        text(line, "server.address", Facts.host(record));
        if (record.names().port() != 0) {
            number(line, "server.port", record.names().port());
        }
        text(line, "exeat.connect_name", record.names().connectName());
        String dialled = record.route().dialled();
        if (dialled != null) {
            text(line, "network.peer.address", Facts.address(dialled));
            number(line, "network.peer.port", Facts.port(dialled));
        }
        list(line, "dns.answers", record.route().resolved());
    }

    private static void ruling(JsonLine line, ConnectionRecord record) {
        text(line, "exeat.verdict", record.ruling().verdict().code());
        if (record.ruling().wouldDeny() != null) {
            text(line, "exeat.would_verdict", "denied");
        }
        text(line, "exeat.reason", Facts.reason(record));
        text(line, "exeat.message", record.ruling().message());
        text(line, "exeat.rule", Facts.rule(record));
        text(line, "exeat.nearest_miss", record.ruling().nearestMiss());
        text(line, "exeat.policy_digest", record.ruling().digest());
    }

    private static void hello(JsonLine line, @Nullable HelloFacts hello) {
        if (hello != null) {
            text(line, "tls.client.server_name", hello.serverName().value());
            text(line, "exeat.sni_raw", hello.rawName());
            list(
                    line,
                    "exeat.tls.versions",
                    hello.versions().stream().map(TlsVersions::text).toList());
            list(line, "exeat.tls.alpn", hello.alpn());
            truth(line, "exeat.tls.ech", hello.ech());
            truth(line, "exeat.tls.post_quantum", hello.postQuantum());
        }
    }

    private static void text(JsonLine line, String key, @Nullable String value) {
        text(line, key, value, Facts.TEXT);
    }

    private static void text(JsonLine line, String key, @Nullable String value, int cap) {
        if (value != null && !value.isEmpty()) {
            begin(line, key);
            line.text("stringValue", value, cap);
            end(line);
        }
    }

    /** Numbers of 64 bits are text in the JSON of Protocol Buffers. */
    private static void number(JsonLine line, String key, long value) {
        begin(line, key);
        line.text("intValue", Long.toString(value), Facts.NAME);
        end(line);
    }

    private static void truth(JsonLine line, String key, boolean value) {
        begin(line, key);
        line.truth("boolValue", value);
        end(line);
    }

    private static void list(JsonLine line, String key, List<String> values) {
        if (!values.isEmpty()) {
            begin(line, key);
            line.object("arrayValue");
            line.array("values");
            values.stream().limit(Facts.LIST).forEach(value -> {
                line.beginElement();
                line.text("stringValue", value, Facts.NAME);
                line.endObject();
            });
            line.endArray();
            line.endObject();
            end(line);
        }
    }

    private static void begin(JsonLine line, String key) {
        line.beginElement();
        line.text("key", key, Facts.NAME);
        line.object("value");
    }

    private static void end(JsonLine line) {
        line.endObject();
        line.endObject();
    }

    private static String nanos(Instant time) {
        return Long.toString(Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano()));
    }
}
