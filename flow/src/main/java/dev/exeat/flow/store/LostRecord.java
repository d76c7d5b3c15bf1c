package dev.exeat.flow.store;

import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** Makes the final record of a connection whose process was gone before it could. */
final class LostRecord {
    static final String FLAG = "lost";

    private final JsonFactory json =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The record with the event {@code final} and the flag {@code lost}; bytes and durations stay those of the open one. */
    String of(String open) {
        StringWriter out = new StringWriter(open.length() + 32);
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), open);
                JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), out)) {
            int depth = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth == 0) {
                    generator.writeStringProperty("flag", FLAG);
                }
                generator.copyCurrentEvent(parser);
                if (depth == 1
                        && token == JsonToken.PROPERTY_NAME
                        && parser.currentName().equals("event")) {
                    parser.nextToken();
                    generator.writeString("final");
                }
            }
        }
        // Of ASCII the one character that is not printable and that JSON lets stand.
        return out.toString().replace("\u007f", "\\u007f");
    }
}
