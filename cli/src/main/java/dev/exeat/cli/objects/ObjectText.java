package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Objects as text, as kubectl writes them: fields by name. What could steer a terminal is escaped. */
final class ObjectText {
    private static final JsonMapper PRETTY = JsonMapper.builder()
            .defaultPrettyPrinter(new DefaultPrettyPrinter()
                    .withSeparators(Separators.createDefaultInstance()
                            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("    ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("    ", "\n")))
            .build();

    private ObjectText() {}

    /** JSON in one line. */
    static String compact(JsonNode object) {
        return escaped(JsonMapper.shared().writeValueAsString(sorted(object)));
    }

    /** JSON in many lines. */
    static String json(JsonNode object) {
        return escaped(PRETTY.writerWithDefaultPrettyPrinter().writeValueAsString(sorted(object))) + "\n";
    }

    static String yaml(JsonNode object) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(Integer.MAX_VALUE)
                .setSplitLines(false)
                .setMaxSimpleKeyLength(1024)
                .build();
        String text = new Dump(settings, new KubeScalars(settings))
                .dumpToString(JsonMapper.shared().convertValue(sorted(object), Object.class));
        return unsteering(text, "\\u%04x");
    }

    /** In strings alone do these characters stand in JSON. */
    private static String escaped(String json) {
        String html = json.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
        return unsteering(html, "\\u%04x");
    }

    private static String unsteering(String text, String escape) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean kept = c == '\n'
                    || Character.isSurrogate(c)
                    || Printable.of(Character.toString(c)).charAt(0) == c;
            safe.append(kept ? Character.toString(c) : escape.formatted((int) c));
        }
        return safe.toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> fields = new TreeMap<>();
            object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            fields.forEach(sorted::set);
            return sorted;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
            array.forEach(item -> sorted.add(sorted(item)));
            return sorted;
        }
        return node;
    }
}
