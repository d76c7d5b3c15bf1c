package dev.exeat.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prints objects for other programs, in ASCII alone: no text in them can steer a terminal. */
public final class ObjectPrinter {
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private ObjectPrinter() {}

    /** An object of these fields, in one line without its line feed. */
    public static String line(Map<String, ?> fields) {
        return ASCII.writeValueAsString(fields);
    }

    /** An object a line. */
    static void json(List<JsonNode> objects, PrintWriter out) {
        objects.forEach(object -> out.println(ASCII.writeValueAsString(object)));
    }

    /** One sequence, empty where there is no object. */
    static void yaml(List<JsonNode> objects, PrintWriter out) {
        JsonMapper plain = JsonMapper.shared();
        Dump dump = new Dump(DumpSettings.builder()
                .setDefaultFlowStyle(objects.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK)
                .setUseUnicodeEncoding(false)
                .setWidth(Integer.MAX_VALUE)
                .build());
        out.print(dump.dumpToString(objects.stream()
                .map(object -> plain.convertValue(object, Object.class))
                .toList()));
        out.flush();
    }
}
