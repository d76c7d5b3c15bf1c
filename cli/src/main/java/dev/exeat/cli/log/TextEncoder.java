package dev.exeat.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.TimeZone;
import org.slf4j.event.KeyValuePair;

/** One line for people: local time, level, message, then {@code key=value}. */
final class TextEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final String PLAIN = "\u001b[0m";

    private final boolean coloured;

    TextEncoder(boolean coloured) {
        this.coloured = coloured;
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        line.append(TIME.format(local(event.getInstant()))).append(' ');
        appendLevel(line, event.getLevel());
        line.append(' ');
        appendText(line, event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                line.append(' ').append(pair.key).append('=');
                appendValue(line, String.valueOf(pair.value));
            }
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** By the older class, because the first use of a ZoneId looks for providers of zones through every jar. */
    private static OffsetDateTime local(Instant time) {
        int millis = TimeZone.getDefault().getOffset(time.toEpochMilli());
        return time.atOffset(ZoneOffset.ofTotalSeconds(millis / 1000));
    }

    private void appendLevel(StringBuilder line, Level level) {
        String colour = level.isGreaterOrEqual(Level.ERROR)
                ? "\u001b[31m"
                : level.isGreaterOrEqual(Level.WARN) ? "\u001b[33m" : "\u001b[2m";
        if (coloured) {
            line.append(colour);
        }
        String name = level.toString();
        line.append(name).append(" ".repeat(Math.max(0, 5 - name.length())));
        if (coloured) {
            line.append(PLAIN);
        }
    }

    private static void appendValue(StringBuilder line, String value) {
        boolean bare = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 127);
        if (bare) {
            appendText(line, value);
            return;
        }
        line.append('"');
        appendText(line, value.replace("\"", "\\\""));
        line.append('"');
    }

    /** Peers choose some of this text: a control character must not end the line or drive the terminal. */
    private static void appendText(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }
}
