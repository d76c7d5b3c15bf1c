package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.SpiffeId;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Writes a record as one line of JSON, as {@code docs/record.schema.json} describes it and in the order of
 * {@code docs/records.md}; what is absent is left out. Names are capped at 255 characters, other text at 1,024, lists at
 * 64 entries. All but printable ASCII is escaped, so that no text of a client can steer a terminal. Stateless.
 */
public final class RecordEncoder {
    /** Raised when a field changes its meaning or goes; a new field does not raise it. */
    public static final int VERSION = 1;

    private static final int NAME = 255;
    private static final int TEXT = 1024;
    private static final int LIST = 64;
    private static final char DELETE = 0x7F;
    private static final char REPLACEMENT = '\uFFFD';
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The record with its line feed. */
    public byte[] encode(ConnectionRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("version", VERSION);
            json.writeStringProperty("time", UtcTime.text(record.time()));
            json.writeStringProperty("id", record.id());
            json.writeStringProperty("event", "final");
            json.writeStringProperty("listener", record.listener());
            json.writeStringProperty("mode", record.mode());
            source(json, record.source());
            names(json, record);
            route(json, record.route());
            ruling(json, record.ruling());
            hello(json, record.hello());
            if (record.outerTls() != null) {
                json.writeObjectPropertyStart("outer_tls");
                text(json, "version", record.outerTls().version(), NAME);
                text(json, "alpn", record.outerTls().alpn(), NAME);
                json.writeBooleanProperty("resumed", record.outerTls().resumed());
                json.writeEndObject();
            }
            json.writeNumberProperty("bytes_received", record.traffic().received());
            json.writeNumberProperty("bytes_sent", record.traffic().sent());
            text(json, "flag", record.traffic().flag(), NAME);
            durations(json, record.durations());
            json.writeEndObject();
            json.writeRaw('\n');
        }
        return out.toByteArray();
    }

    private static void source(JsonGenerator json, ConnectionRecord.Source source) {
        SpiffeId identity = source.identity();
        if (identity != null) {
            json.writeStringProperty("identity", identity.toString());
            text(json, "namespace", identity.namespace(), NAME);
            text(json, "service_account", identity.serviceAccount(), NAME);
        }
        json.writeStringProperty("source_address", source.address());
        json.writeNumberProperty("source_port", source.port());
    }

    private static void names(JsonGenerator json, ConnectionRecord record) {
        HelloFacts hello = record.hello();
        if (hello != null) {
            json.writeStringProperty("sni", hello.serverName().value());
            text(json, "sni_raw", hello.rawName(), NAME);
        }
        text(json, "connect_name", record.names().connectName(), NAME);
        text(json, "outer_sni", record.names().outerSni(), NAME);
        if (record.names().port() != 0) {
            json.writeNumberProperty("port", record.names().port());
        }
    }

    private static void route(JsonGenerator json, ConnectionRecord.Route route) {
        list(json, "resolved", route.resolved());
        list(json, "dropped", route.dropped());
        list(json, "cnames", route.cnames());
        text(json, "dialled_address", route.dialled(), NAME);
    }

    private static void ruling(JsonGenerator json, Ruling ruling) {
        json.writeStringProperty("verdict", ruling.verdict().code());
        if (ruling.wouldDeny() != null) {
            json.writeStringProperty("would_verdict", "denied");
            json.writeStringProperty("would_reason", ruling.wouldDeny().code());
        }
        if (ruling.reason() != null) {
            json.writeStringProperty("reason", ruling.reason().code());
        }
        text(json, "message", ruling.message(), TEXT);
        PolicyRef rule = ruling.rule();
        if (rule != null) {
            json.writeObjectPropertyStart("rule");
            text(json, "kind", rule.object().kind(), NAME);
            text(json, "namespace", rule.object().namespace(), NAME);
            text(json, "name", rule.object().name(), NAME);
            json.writeNumberProperty("index", rule.index());
            json.writeEndObject();
        }
        text(json, "policy_digest", ruling.digest(), NAME);
    }

    private static void hello(JsonGenerator json, @Nullable HelloFacts hello) {
        if (hello == null) {
            return;
        }
        json.writeObjectPropertyStart("hello");
        list(
                json,
                "tls_versions",
                hello.versions().stream().map(RecordEncoder::version).toList());
        list(json, "alpn", hello.alpn());
        json.writeBooleanProperty("ech", hello.ech());
        json.writeBooleanProperty("post_quantum", hello.postQuantum());
        json.writeNumberProperty("size", hello.length());
        json.writeEndObject();
    }

    private static String version(int wire) {
        return switch (wire) {
            case 0x0300 -> "SSLv3";
            case 0x0301 -> "TLSv1.0";
            case 0x0302 -> "TLSv1.1";
            case 0x0303 -> "TLSv1.2";
            case 0x0304 -> "TLSv1.3";
            default -> "0x%04x".formatted(wire);
        };
    }

    private static void durations(JsonGenerator json, Durations durations) {
        json.writeObjectPropertyStart("durations_us");
        micros(json, "handshake", durations.handshake());
        micros(json, "hello", durations.hello());
        micros(json, "decide", durations.decide());
        micros(json, "dns", durations.dns());
        micros(json, "dial", durations.dial());
        micros(json, "total", durations.total());
        json.writeEndObject();
    }

    private static void micros(JsonGenerator json, String name, long nanos) {
        if (nanos >= 0) {
            json.writeNumberProperty(name, nanos / 1000);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value, int cap) {
        if (value != null && !value.isEmpty()) {
            json.writeStringProperty(name, cap(value, cap));
        }
    }

    private static void list(JsonGenerator json, String name, List<String> values) {
        if (!values.isEmpty()) {
            json.writeArrayPropertyStart(name);
            values.stream().limit(LIST).forEach(value -> json.writeString(cap(value, NAME)));
            json.writeEndArray();
        }
    }

    /** Shortens, and replaces what no sink may see: lone surrogates, which are no text, and DELETE. */
    private static String cap(String value, int cap) {
        String shortened = value.length() <= cap ? value : value.substring(0, cap);
        StringBuilder mended = null;
        for (int i = 0; i < shortened.length(); i++) {
            char c = shortened.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < shortened.length()
                    && Character.isLowSurrogate(shortened.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c) || c == DELETE) {
                mended = mended == null ? new StringBuilder(shortened) : mended;
                mended.setCharAt(i, REPLACEMENT);
            }
        }
        return mended == null ? shortened : mended.toString();
    }
}
