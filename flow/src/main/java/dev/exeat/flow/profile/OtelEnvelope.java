package dev.exeat.flow.profile;

import dev.exeat.flow.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What OTLP's JSON puts around records: the resource that they are of and the scope that they come from, as in an {@code
 * ExportLogsServiceRequest}. The same stands on each line of a file (OpenTelemetry's file exporter) and in the body of a
 * request to a collector. Immutable.
 */
public final class OtelEnvelope {
    private static final int SIZE = 512;
    private static final int CAP = 255;

    private final byte[] before;
    private final byte[] after;

    public OtelEnvelope(LogOrigin origin) {
        JsonLine line = new JsonLine(SIZE);
        line.array("resourceLogs");
        line.beginElement();
        line.object("resource");
        line.array("attributes");
        attribute(line, "service.name", "exeat");
        attribute(line, "service.version", origin.version());
        attribute(line, "host.name", origin.host());
        line.endArray();
        line.endObject();
        line.array("scopeLogs");
        line.beginElement();
        line.object("scope");
        line.text("name", "dev.exeat", CAP);
        line.text("version", origin.version(), CAP);
        line.endObject();
        line.array("logRecords");
        line.endArray();
        line.endObject();
        line.endArray();
        line.endObject();
        line.endArray();
        String around = new String(line.end(), StandardCharsets.US_ASCII);
        int middle = around.lastIndexOf("[]") + 1;
        before = around.substring(0, middle).getBytes(StandardCharsets.US_ASCII);
        after = around.substring(middle).getBytes(StandardCharsets.US_ASCII);
    }

    private static void attribute(JsonLine line, String key, String value) {
        line.beginElement();
        line.text("key", key, CAP);
        line.object("value");
        line.text("stringValue", value, CAP);
        line.endObject();
        line.endObject();
    }

    /** One record as a line, with its line feed. */
    byte[] line(byte[] record) {
        return around(record, record.length);
    }

    /**
     * Puts the envelope around records.
     *
     * @param records each ends with a line feed, and has none within
     * @param length in octets, of all of them
     */
    public byte[] around(byte[] records, int length) {
        byte[] out = Arrays.copyOf(before, before.length + length - 1 + after.length);
        for (int i = 0; i < length - 1; i++) {
            out[before.length + i] = records[i] == '\n' ? (byte) ',' : records[i];
        }
        System.arraycopy(after, 0, out, before.length + length - 1, after.length);
        return out;
    }
}
