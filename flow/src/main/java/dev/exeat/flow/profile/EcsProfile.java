package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.JsonLine;
import dev.exeat.flow.TlsVersions;
import dev.exeat.flow.UtcTime;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.SpiffeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents of the Elastic Common Schema 8.17 (its field reference), with what has no field there under {@code exeat}.
 * The events of a connection have its id as {@code transaction.id}.
 */
final class EcsProfile implements ProfileEncoder {
    private static final int SIZE = 1024;
    private static final String ECS = "8.17.0";

    private final LogOrigin origin;

    EcsProfile(LogOrigin origin) {
        this.origin = origin;
    }

    @Override
    public byte[] encode(ConnectionRecord record) {
        JsonLine line = new JsonLine(SIZE);
        line.text("@timestamp", UtcTime.text(Facts.when(record)), Facts.NAME);
        optional(line, "message", record.ruling().message(), Facts.TEXT);
        line.object("ecs");
        line.text("version", ECS, Facts.NAME);
        line.endObject();
        event(line, record);
        line.object("transaction");
        line.text("id", record.id(), Facts.NAME);
        line.endObject();
        source(line, record);
        destination(line, record);
        line.object("network");
        line.text("direction", "outbound", Facts.NAME);
        line.text("protocol", "tls", Facts.NAME);
        line.text("transport", "tcp", Facts.NAME);
        line.number("bytes", record.traffic().received() + record.traffic().sent());
        line.endObject();
        tls(line, record.hello());
        rule(line, record.ruling().rule());
        observer(line, record);
        own(line, record);
        return line.end();
    }

    private static void event(JsonLine line, ConnectionRecord record) {
        Moment moment = Moment.of(record);
        line.object("event");
        line.text("kind", "event", Facts.NAME);
        list(line, "category", List.of("network"));
        list(line, "type", types(moment, record.ruling().verdict()));
        line.text("action", "connection-" + moment.code(), Facts.NAME);
        line.text("outcome", outcome(record), Facts.NAME);
        line.text("module", "exeat", Facts.NAME);
        line.text("dataset", "exeat.connection", Facts.NAME);
        optional(line, "reason", Facts.reason(record), Facts.NAME);
        line.text("start", UtcTime.text(record.time()), Facts.NAME);
        if (moment != Moment.OPEN) {
            line.text("end", UtcTime.text(Facts.when(record)), Facts.NAME);
            line.number("duration", Math.max(0, record.durations().total()));
        }
        line.endObject();
    }

    private static List<String> types(Moment moment, Verdict verdict) {
        return switch (moment) {
            case OPEN -> List.of("connection", "start", "allowed");
            case CLOSE ->
                verdict == Verdict.DENIED ? List.of("connection", "end", "denied") : List.of("connection", "end");
            case DENY -> verdict == Verdict.DENIED ? List.of("connection", "denied") : List.of("connection", "error");
        };
    }

    /** Of the connection, not of the decision: a denial is a failure. */
    private static String outcome(ConnectionRecord record) {
        return record.ruling().verdict() == Verdict.ALLOWED ? "success" : "failure";
    }

    private static void source(JsonLine line, ConnectionRecord record) {
        line.object("source");
        line.text("address", record.source().address(), Facts.NAME);
        line.text("ip", record.source().address(), Facts.NAME);
        line.number("port", record.source().port());
        line.number("bytes", record.traffic().received());
        SpiffeId identity = record.source().identity();
        if (identity != null) {
            line.object("user");
            line.text("id", identity.toString(), SpiffeId.MAX_LENGTH);
            optional(line, "name", identity.serviceAccount(), SpiffeId.MAX_LENGTH);
            line.endObject();
        }
        line.endObject();
        String namespace = identity == null ? null : identity.namespace();
        if (namespace != null) {
            line.object("orchestrator");
            line.text("namespace", namespace, SpiffeId.MAX_LENGTH);
            line.endObject();
        }
    }

    private static void destination(JsonLine line, ConnectionRecord record) {
        String dialled = record.route().dialled();
        String host = Facts.host(record);
        line.object("destination");
        optional(line, "address", host != null ? host : dialled, Facts.NAME);
        optional(line, "domain", host, Facts.NAME);
        if (dialled != null) {
            line.text("ip", Facts.address(dialled), Facts.NAME);
            line.number("port", Facts.port(dialled));
        } else if (record.names().port() != 0) {
            line.number("port", record.names().port());
        }
        line.number("bytes", record.traffic().sent());
        line.endObject();
        if (!record.route().resolved().isEmpty()) {
            line.object("dns");
            list(line, "resolved_ip", record.route().resolved());
            line.endObject();
        }
    }

    private static void tls(JsonLine line, @Nullable HelloFacts hello) {
        if (hello != null) {
            line.object("tls");
            line.object("client");
            line.text("server_name", hello.serverName().value(), Facts.NAME);
            line.endObject();
            line.endObject();
        }
    }

    private static void rule(JsonLine line, @Nullable PolicyRef rule) {
        if (rule != null) {
            line.object("rule");
            line.text("category", rule.object().kind(), Facts.NAME);
            line.text("ruleset", rule.object().namespace(), Facts.NAME);
            line.text("name", rule.object().name(), Facts.NAME);
            line.text("id", String.valueOf(rule.index()), Facts.NAME);
            line.endObject();
        }
    }

    private void observer(JsonLine line, ConnectionRecord record) {
        line.object("observer");
        line.text("type", "proxy", Facts.NAME);
        line.text("product", "Exeat", Facts.NAME);
        line.text("version", origin.version(), Facts.NAME);
        line.text("hostname", origin.host(), Facts.NAME);
        line.object("ingress");
        line.object("interface");
        line.text("name", record.listener(), Facts.NAME);
        line.endObject();
        line.endObject();
        line.endObject();
    }

    private static void own(JsonLine line, ConnectionRecord record) {
        line.object("exeat");
        line.text("verdict", record.ruling().verdict().code(), Facts.NAME);
        if (record.ruling().wouldDeny() != null) {
            line.text("would_verdict", "denied", Facts.NAME);
        }
        line.text("mode", record.mode(), Facts.NAME);
        optional(line, "connect_name", record.names().connectName(), Facts.NAME);
        optional(line, "policy_digest", record.ruling().digest(), Facts.NAME);
        optional(line, "nearest_miss", record.ruling().nearestMiss(), Facts.TEXT);
        optional(line, "flag", record.traffic().flag(), Facts.NAME);
        HelloFacts hello = record.hello();
        if (hello != null) {
            optional(line, "sni_raw", hello.rawName(), Facts.NAME);
            list(
                    line,
                    "tls_versions",
                    hello.versions().stream().map(TlsVersions::text).toList());
            list(line, "alpn", hello.alpn());
            line.truth("ech", hello.ech());
            line.truth("post_quantum", hello.postQuantum());
        }
        line.endObject();
    }

    private static void optional(JsonLine line, String name, @Nullable String value, int cap) {
        if (value != null && !value.isEmpty()) {
            line.text(name, value, cap);
        }
    }

    private static void list(JsonLine line, String name, List<String> values) {
        if (!values.isEmpty()) {
            line.array(name);
            values.stream().limit(Facts.LIST).forEach(value -> line.element(value, Facts.NAME));
            line.endArray();
        }
    }
}
