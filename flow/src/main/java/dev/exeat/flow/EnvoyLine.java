package dev.exeat.flow;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of Envoy's access log, in the default format of Istio's gateways for TCP: what is not known there
 * is a hyphen.
 */
public final class EnvoyLine {
    /** Envoy's times have milliseconds. */
    private static final int MICROS = "uuuZ".length();

    private EnvoyLine() {}

    /** The line, without a line feed. */
    public static String of(ConnectionRecord record) {
        ConnectionRecord.Names names = record.names();
        String name = name(names, record.hello());
        StringBuilder line = new StringBuilder(256).append('[');
        String time = UtcTime.text(record.time());
        line.append(time, 0, time.length() - MICROS)
                .append("Z] \"- - -\" 0 ")
                .append(flag(record))
                .append(" - - \"");
        appendSafely(
                line,
                record.ruling().message().isEmpty() ? "-" : record.ruling().message());
        line.append("\" ")
                .append(record.traffic().received())
                .append(' ')
                .append(record.traffic().sent())
                .append(' ')
                .append(TimeUnit.NANOSECONDS.toMillis(
                        Math.max(0, record.durations().total())))
                .append(" - \"-\" \"-\" \"-\" \"-\" \"");
        String dialled = record.route().dialled();
        line.append(dialled == null ? "-" : dialled).append("\" ");
        if (dialled == null || name == null) {
            line.append('-');
        } else {
            line.append("outbound|").append(names.port()).append("||");
            appendField(line, name);
        }
        String address = record.source().address();
        line.append(" - - ")
                .append(address.indexOf(':') < 0 ? address : "[" + address + "]")
                .append(':')
                .append(record.source().port())
                .append(' ');
        appendField(line, name == null ? "-" : name);
        return line.append(" -").toString();
    }

    private static @Nullable String name(ConnectionRecord.Names names, @Nullable HelloFacts hello) {
        if (hello != null) {
            return hello.serverName().value();
        }
        return names.connectName() != null ? names.connectName() : names.outerSni();
    }

    /** Envoy's response flags (its documentation, "Access logging", RESPONSE_FLAGS). */
    static String flag(ConnectionRecord record) {
        Reason reason = record.ruling().reason();
        if (reason == null) {
            return "-";
        }
        return switch (reason) {
            case HOST_UNKNOWN -> "NR";
            case POLICY_DENIED, POLICY_ERROR, ADDRESS_FORBIDDEN, SELF_CONNECTION -> "UAEX";
            case DNS_NXDOMAIN, DNS_TIMEOUT, DNS_ERROR, DNS_TOO_LARGE, DNS_TOO_MANY, DNS_TOO_DEEP -> "DF";
            case DIAL_FAILED, DIAL_TIMEOUT -> "UF";
            case LIMIT_GLOBAL, LIMIT_SOURCE, LIMIT_IDENTITY, LIMIT_RATE, LIMIT_TUNNELS -> "RL";
            case LOG_FULL -> "UO";
            case CLIENT_GONE -> "DC";
            default -> "DPE";
        };
    }

    /** What a client sent may hold anything; a line holds only what can be printed. */
    private static void appendField(StringBuilder line, String text) {
        // Not in quotation marks: a blank would end the field.
        appendSafely(line, text.replace(' ', '?'));
    }

    /** For a field in quotation marks. */
    private static void appendSafely(StringBuilder line, String text) {
        text.chars().limit(512).forEach(c -> line.append(c < ' ' || c > '~' || c == '"' ? '?' : (char) c));
    }
}
