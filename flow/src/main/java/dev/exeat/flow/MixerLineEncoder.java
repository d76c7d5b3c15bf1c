package dev.exeat.flow;

import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Value;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** Writes the lines of the {@code stdio} adapter of Istio's Mixer, byte for byte. Stateless. */
public final class MixerLineEncoder {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** The entry as one line with its line feed, in the form that its stream asks for. */
    public byte[] encode(LogEntry entry) {
        StringBuilder line = new StringBuilder(256);
        if (entry.stream().json()) {
            line.append("{\"level\":\"").append(entry.level().code()).append("\",\"time\":\"");
            line.append(time(entry.time())).append("\",\"instance\":");
            JsonText.append(line, entry.instance());
            for (Map.Entry<String, Value> variable : entry.variables().entrySet()) {
                line.append(',');
                append(line, variable);
            }
            line.append('}');
        } else {
            line.append(time(entry.time()))
                    .append('\t')
                    .append(entry.level().code())
                    .append('\t');
            line.append(entry.instance().replaceAll("[\\r\\n\\t]", " ")).append('\t');
            appendObject(line, entry.variables());
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String time(Instant instant) {
        return MICROS.format(instant.truncatedTo(ChronoUnit.MICROS));
    }

    private static void appendObject(StringBuilder line, Map<String, Value> variables) {
        line.append('{');
        String comma = "";
        for (Map.Entry<String, Value> variable : variables.entrySet()) {
            line.append(comma);
            append(line, variable);
            comma = ",";
        }
        line.append('}');
    }

    private static void append(StringBuilder line, Map.Entry<String, Value> variable) {
        JsonText.append(line, variable.getKey());
        line.append(':');
        append(line, variable.getValue());
    }

    private static void append(StringBuilder line, Value value) {
        switch (value) {
            case Value.Text(String text) -> JsonText.append(line, text);
            case Value.Int(long number) -> line.append(number);
            case Value.Decimal(double number) -> line.append(number(number));
            case Value.Bool(boolean truth) -> line.append(truth);
            case Value.Time(Instant instant) ->
                line.append('"').append(time(instant)).append('"');
            case Value.Span span -> JsonText.append(line, GoDuration.text(span.value()));
            case Value.Ip ip -> JsonText.append(line, ip.value().toString());
            case Value.TextMap map -> appendMap(line, map.value());
        }
    }

    private static void appendMap(StringBuilder line, Map<String, String> map) {
        Map<String, Value> sorted = new TreeMap<>();
        map.forEach((key, text) -> sorted.put(key, new Value.Text(text)));
        appendObject(line, sorted);
    }

    /** The shortest decimal that reads back the same; what JSON has no number for is text, as zap writes it. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "\"NaN\"";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\"+Inf\"" : "\"-Inf\"";
        }
        String text = new java.math.BigDecimal(Double.toString(value))
                .stripTrailingZeros()
                .toPlainString();
        return text.equals("0") && 1 / value < 0 ? "-0" : text;
    }
}
