package dev.exeat.flow;

import dev.exeat.model.LogEntry;
import dev.exeat.model.LogEntry.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes the lines of the {@code stdio} adapter of Istio's Mixer byte for byte: its JSON form, and the console form of
 * the zap logger, whose fields are set apart by blanks. Stateless.
 */
public final class MixerLineEncoder {
    /** The entry as one line with its line feed, in the form that its stream asks for. */
    public byte[] encode(LogEntry entry) {
        StringBuilder line = new StringBuilder(512);
        if (entry.stream().json()) {
            json(line, entry);
        } else {
            console(line, entry);
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void json(StringBuilder line, LogEntry entry) {
        line.append("{\"level\":\"").append(entry.level().code()).append("\",\"time\":\"");
        UtcTime.append(line, entry.time());
        line.append("\",\"instance\":");
        JsonText.append(line, entry.instance());
        for (Map.Entry<String, Value> variable : ByteOrder.of(entry.variables()).entrySet()) {
            line.append(',');
            JsonText.append(line, variable.getKey());
            line.append(':');
            append(line, variable.getValue());
        }
        line.append('}');
    }

    /** An entry without variables ends with its instance. */
    private static void console(StringBuilder line, LogEntry entry) {
        UtcTime.append(line, entry.time());
        line.append('\t').append(entry.level().code()).append('\t');
        appendPlain(line, entry.instance());
        String before = "\t{";
        for (Map.Entry<String, Value> variable : ByteOrder.of(entry.variables()).entrySet()) {
            line.append(before);
            JsonText.append(line, variable.getKey());
            line.append(": ");
            append(line, variable.getValue());
            before = ", ";
        }
        if (!entry.variables().isEmpty()) {
            line.append('}');
        }
    }

    /** Text outside of JSON, where nothing can be escaped. */
    private static void appendPlain(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line.append(Character.isISOControl(c) ? ' ' : c);
        }
    }

    private static void append(StringBuilder line, Value value) {
        switch (value) {
            case Value.Text(String text) -> JsonText.append(line, text);
            case Value.Int(long number) -> line.append(number);
            case Value.Decimal(double number) -> line.append(number(number));
            case Value.Bool(boolean truth) -> line.append(truth);
            case Value.Time time -> {
                line.append('"');
                UtcTime.append(line, time.value());
                line.append('"');
            }
            case Value.Span span -> JsonText.append(line, GoDuration.text(span.value()));
            case Value.Ip ip -> JsonText.append(line, ip.value().toString());
            case Value.TextMap map -> appendMap(line, map.value());
        }
    }

    private static void appendMap(StringBuilder line, Map<String, String> map) {
        line.append('{');
        String comma = "";
        for (Map.Entry<String, String> entry : ByteOrder.copyOf(map).entrySet()) {
            line.append(comma);
            JsonText.append(line, entry.getKey());
            line.append(':');
            JsonText.append(line, entry.getValue());
            comma = ",";
        }
        line.append('}');
    }

    /** The shortest decimal that reads back the same, never with an exponent; what JSON has no number for is text. */
    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "\"NaN\"";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "\"+Inf\"" : "\"-Inf\"";
        }
        String text =
                new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return text.equals("0") && 1 / value < 0 ? "-0" : text;
    }
}
