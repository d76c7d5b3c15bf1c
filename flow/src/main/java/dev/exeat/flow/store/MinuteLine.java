package dev.exeat.flow.store;

import dev.exeat.flow.store.MinuteSum.Group;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** A sum of a minute as an object of JSON in a line, with the names of the store's columns. */
public final class MinuteLine {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private MinuteLine() {}

    /** With its line feed. */
    public static byte[] encode(MinuteSum sum) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            Group group = sum.group();
            json.writeStartObject();
            json.writeStringProperty("minute", sum.minute().toString());
            json.writeStringProperty("identity", group.identity());
            json.writeStringProperty("host", group.host());
            json.writeNumberProperty("port", group.port());
            json.writeStringProperty("verdict", group.verdict());
            json.writeStringProperty("reason", group.reason());
            json.writeStringProperty("rule", group.rule());
            json.writeNumberProperty("count", sum.count());
            json.writeNumberProperty("received", sum.received());
            json.writeNumberProperty("sent", sum.sent());
            json.writeEndObject();
        }
        return out.append('\n').toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static MinuteSum parse(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, parser.getString());
            }
            return new MinuteSum(
                    Instant.parse(fields.getOrDefault("minute", "")),
                    new Group(
                            fields.getOrDefault("identity", ""),
                            fields.getOrDefault("host", ""),
                            (int) number(fields, "port"),
                            fields.getOrDefault("verdict", ""),
                            fields.getOrDefault("reason", ""),
                            fields.getOrDefault("rule", "")),
                    number(fields, "count"),
                    number(fields, "received"),
                    number(fields, "sent"));
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalArgumentException("no line of a stream of sums", e);
        }
    }

    private static long number(Map<String, String> fields, String name) {
        return Long.parseLong(fields.getOrDefault(name, ""));
    }
}
