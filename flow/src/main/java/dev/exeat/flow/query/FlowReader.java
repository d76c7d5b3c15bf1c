package dev.exeat.flow.query;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.Flow.Ending;
import dev.exeat.flow.query.Flow.Hello;
import dev.exeat.flow.query.Flow.Rule;
import dev.exeat.flow.query.Flow.Shadow;
import dev.exeat.flow.query.Flow.What;
import dev.exeat.flow.query.Flow.Who;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads a record's line for queries. Fields that it does not know it leaves out. Thread-safe. */
public final class FlowReader {
    private final JsonFactory json = new JsonFactory();

    /** What has been read of the line. */
    private static final class Line {
        private String id = "";
        private @Nullable Instant time;
        private Event event = Event.FINAL;
        private String listener = "";
        private @Nullable Verdict verdict;
        private boolean would;
        private String reason = "";
        private String wouldReason = "";
        private String message = "";
        private String digest = "";
        private String identity = "";
        private String namespace = "";
        private String address = "";
        private String sni = "";
        private String sniRaw = "";
        private String connectName = "";
        private String outerSni = "";
        private List<String> dropped = List.of();
        private String dialled = "";
        private int port;
        private Rule rule = Rule.NONE;
        private String nearestMiss = "";
        private Shadow shadow = Shadow.NONE;
        private Hello hello = Hello.NONE;
        private long received;
        private long sent;
        private String flag = "";
        private long micros;
    }

    /**
     * The connection that the line tells of.
     *
     * @throws RecordFormatException if it is no record
     */
    public Flow read(String text) {
        Line line = new Line();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new RecordFormatException("it is no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                field(name, parser, line);
            }
        } catch (JacksonException | DateTimeException | IllegalArgumentException e) {
            throw new RecordFormatException(
                    e instanceof JacksonException parse ? parse.getOriginalMessage() : String.valueOf(e.getMessage()));
        }
        return flow(line, text);
    }

    private static Flow flow(Line line, String text) {
        if (line.id.isEmpty() || line.time == null || line.verdict == null) {
            throw new RecordFormatException("it has no id, no time or no verdict");
        }
        return new Flow(
                line.id,
                line.time,
                line.event,
                line.listener,
                new Who(line.identity, line.namespace, line.address),
                new What(
                        line.sni.isEmpty() ? line.connectName : line.sni,
                        line.port,
                        line.connectName,
                        line.outerSni,
                        line.sni.isEmpty() ? "" : line.sniRaw.isEmpty() ? line.sni : line.sniRaw,
                        line.dropped,
                        line.dialled),
                line.verdict,
                line.would,
                line.reason.isEmpty() ? line.wouldReason : line.reason,
                line.message,
                line.rule,
                line.nearestMiss,
                line.shadow,
                line.digest,
                line.hello,
                new Ending(line.received, line.sent, line.flag, line.micros),
                text);
    }

    private static void field(String name, JsonParser parser, Line line) {
        switch (name) {
            case "id" -> line.id = text(parser);
            case "time" -> line.time = Instant.parse(text(parser));
            case "event" -> line.event = Event.valueOf(text(parser).toUpperCase(Locale.ROOT));
            case "listener" -> line.listener = text(parser);
            case "verdict" -> line.verdict = Verdict.valueOf(text(parser).toUpperCase(Locale.ROOT));
            case "would_verdict" -> line.would = true;
            case "reason" -> line.reason = text(parser);
            case "would_reason" -> line.wouldReason = text(parser);
            case "message" -> line.message = text(parser);
            case "policy_digest" -> line.digest = text(parser);
            case "identity" -> line.identity = text(parser);
            case "namespace" -> line.namespace = text(parser);
            case "source_address" -> line.address = text(parser);
            case "rule" -> line.rule = rule(parser);
            case "nearest_miss" -> line.nearestMiss = text(parser);
            case "shadow" -> line.shadow = shadow(parser);
            default -> seen(name, parser, line);
        }
    }

    private static void seen(String name, JsonParser parser, Line line) {
        switch (name) {
            case "sni" -> line.sni = text(parser);
            case "sni_raw" -> line.sniRaw = text(parser);
            case "connect_name" -> line.connectName = text(parser);
            case "outer_sni" -> line.outerSni = text(parser);
            case "dropped" -> line.dropped = texts(parser);
            case "dialled_address" -> line.dialled = text(parser);
            case "port" -> line.port = parser.getIntValue();
            case "hello" -> line.hello = hello(parser);
            case "bytes_received" -> line.received = parser.getLongValue();
            case "bytes_sent" -> line.sent = parser.getLongValue();
            case "flag" -> line.flag = text(parser);
            case "durations_us" -> line.micros = total(parser);
            default -> parser.skipChildren();
        }
    }

    private static String text(JsonParser parser) {
        require(parser, JsonToken.VALUE_STRING);
        return parser.getString();
    }

    private static void require(JsonParser parser, JsonToken token) {
        if (parser.currentToken() != token) {
            throw new RecordFormatException("the field \"" + parser.currentName() + "\" holds what it never does");
        }
    }

    private static Rule rule(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT);
        String kind = "";
        String namespace = "";
        String name = "";
        int index = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "kind" -> kind = text(parser);
                case "namespace" -> namespace = text(parser);
                case "name" -> name = text(parser);
                case "index" -> index = parser.getIntValue();
                default -> parser.skipChildren();
            }
        }
        return new Rule(kind, namespace, name, index);
    }

    private static Shadow shadow(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT);
        String verdict = "";
        String reason = "";
        String message = "";
        Rule rule = Rule.NONE;
        String digest = "";
        boolean beforeHello = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "verdict" -> verdict = text(parser);
                case "reason" -> reason = text(parser);
                case "message" -> message = text(parser);
                case "rule" -> rule = rule(parser);
                case "digest" -> digest = text(parser);
                case "before_hello" -> beforeHello = parser.getBooleanValue();
                default -> parser.skipChildren();
            }
        }
        return new Shadow(verdict, reason, message, rule, digest, beforeHello);
    }

    private static Hello hello(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT);
        List<String> versions = List.of();
        List<String> alpn = List.of();
        boolean ech = false;
        boolean postQuantum = false;
        int size = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "tls_versions" -> versions = texts(parser);
                case "alpn" -> alpn = texts(parser);
                case "ech" -> ech = parser.getBooleanValue();
                case "post_quantum" -> postQuantum = parser.getBooleanValue();
                case "size" -> size = parser.getIntValue();
                default -> parser.skipChildren();
            }
        }
        return new Hello(versions, alpn, ech, postQuantum, size);
    }

    private static List<String> texts(JsonParser parser) {
        require(parser, JsonToken.START_ARRAY);
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(text(parser));
        }
        return texts;
    }

    private static long total(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT);
        long total = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean wanted = parser.currentName().equals("total");
            parser.nextToken();
            total = wanted ? parser.getLongValue() : total;
        }
        return total;
    }
}
