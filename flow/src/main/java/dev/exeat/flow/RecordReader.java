package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
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

/**
 * Reads a line that {@link RecordEncoder} wrote. Fields that it does not know it leaves out, so that newer files can be
 * read. Not thread-safe.
 */
public final class RecordReader {
    private final JsonFactory json = new JsonFactory();

    /** What has been read of the line. */
    private static final class Line {
        private String id = "";
        private @Nullable Instant time;
        private @Nullable Verdict verdict;
        private boolean would;
        private String reason = "";
        private String wouldReason = "";
        private String message = "";
        private String rule = "";
        private String nearestMiss = "";
        private String digest = "";
        private @Nullable ListenerKind listener;
        private @Nullable SpiffeId identity;
        private @Nullable IpAddress source;
        private @Nullable ServerName connectName;
        private int port;
        private @Nullable ServerName sni;
        private String sniRaw = "";
        private Hello hello = new Hello(List.of(), List.of(), false, false, 0);
    }

    private record Hello(List<Integer> versions, List<String> alpn, boolean ech, boolean postQuantum, int size) {}

    /**
     * The connection that the line tells of.
     *
     * @throws RecordFormatException if it is no record
     */
    public RecordedConnection read(String line) {
        Line read = new Line();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new RecordFormatException("it is no JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                field(name, parser, read);
            }
        } catch (JacksonException | InvalidNameException | DateTimeException | IllegalArgumentException e) {
            throw new RecordFormatException(
                    e instanceof JacksonException parse ? parse.getOriginalMessage() : e.getMessage());
        }
        return connection(read);
    }

    private static RecordedConnection connection(Line read) {
        if (read.id.isEmpty() || read.time == null || read.verdict == null) {
            throw new RecordFormatException("it has no id, no time or no verdict");
        }
        return new RecordedConnection(
                read.id,
                read.time,
                read.verdict,
                read.would,
                read.reason.isEmpty() ? read.wouldReason : read.reason,
                read.message,
                read.rule,
                read.nearestMiss,
                read.digest,
                read.digest.isEmpty() ? null : attempt(read, read.time));
    }

    private static @Nullable Attempt attempt(Line read, Instant time) {
        ServerName name = read.sni == null ? read.connectName : read.sni;
        if (name == null || read.port == 0 || read.source == null || read.listener == null) {
            return null;
        }
        HelloFacts hello = read.sni == null
                ? null
                : new HelloFacts(
                        read.sni,
                        read.sniRaw.isEmpty() ? read.sni.value() : read.sniRaw,
                        read.hello.versions(),
                        read.hello.alpn(),
                        read.hello.ech(),
                        read.hello.postQuantum(),
                        read.hello.size());
        return new Attempt(
                read.id, time, read.listener, read.identity, read.source, new HostPort(name, read.port), hello);
    }

    private static void field(String name, JsonParser parser, Line read) {
        switch (name) {
            case "id" -> read.id = text(parser);
            case "time" -> read.time = Instant.parse(text(parser));
            case "verdict" -> read.verdict = Verdict.valueOf(text(parser).toUpperCase(Locale.ROOT));
            case "would_verdict" -> read.would = true;
            case "reason" -> read.reason = text(parser);
            case "would_reason" -> read.wouldReason = text(parser);
            case "message" -> read.message = text(parser);
            case "nearest_miss" -> read.nearestMiss = text(parser);
            case "policy_digest" -> read.digest = text(parser);
            case "listener" -> read.listener = ListenerKind.valueOf(text(parser).toUpperCase(Locale.ROOT));
            case "identity" -> read.identity = SpiffeId.parse(text(parser));
            case "source_address" -> read.source = IpAddress.parse(text(parser));
            case "connect_name" -> read.connectName = nameOrNull(text(parser));
            case "port" -> read.port = parser.getIntValue();
            case "sni" -> read.sni = nameOrNull(text(parser));
            case "sni_raw" -> read.sniRaw = text(parser);
            case "rule" -> read.rule = rule(parser);
            case "hello" -> read.hello = hello(parser);
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

    /** Of a connection that was refused for its name, the name may be none. */
    private static @Nullable ServerName nameOrNull(String text) {
        try {
            return new ServerName(text);
        } catch (InvalidNameException e) {
            return null;
        }
    }

    private static String rule(JsonParser parser) {
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
        return kind + "/" + namespace + "/" + name + "[" + index + "]";
    }

    private static Hello hello(JsonParser parser) {
        require(parser, JsonToken.START_OBJECT);
        List<Integer> versions = List.of();
        List<String> alpn = List.of();
        boolean ech = false;
        boolean postQuantum = false;
        int size = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "tls_versions" ->
                    versions = texts(parser).stream().map(TlsVersions::wire).toList();
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
}
