package dev.exeat.flow.log;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.UtcTime;
import dev.exeat.flow.profile.Facts;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.flow.profile.Moment;
import dev.exeat.flow.profile.ProfileEncoder;
import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes syslog messages (RFC 5424) whose text is the line of a profile. What is asked for most stands in structured data
 * besides; 32473 is the enterprise number for examples (RFC 5612), since Exeat has none. The facility is local0; the
 * severity informational, notice for what failed, and warning for what was denied.
 */
final class SyslogProfile implements ProfileEncoder {
    private static final int LOCAL0 = 16 << 3;
    private static final int WARNING = 4;
    private static final int NOTICE = 5;
    private static final int INFORMATIONAL = 6;
    private static final int CAP = 255;

    private final LogProfile profile;
    private final ProfileEncoder text;
    /** From the version to the process. */
    private final String sender;

    SyslogProfile(LogProfile profile, LogOrigin origin) {
        this.profile = profile;
        this.text = profile.encoder(origin);
        this.sender = " " + header(origin.host()) + " exeat "
                + ProcessHandle.current().pid() + " ";
    }

    /** RFC 5424 section 6: printable ASCII without blanks, or a hyphen for what is not known. */
    private static String header(String name) {
        boolean fits = !name.isEmpty() && name.length() <= CAP && name.chars().allMatch(c -> c > ' ' && c <= '~');
        return fits ? name : "-";
    }

    @Override
    public boolean hasOpens() {
        return text.hasOpens();
    }

    @Override
    public byte[] encode(ConnectionRecord record) {
        byte[] line = text.encode(record);
        StringBuilder header = new StringBuilder(256)
                .append('<')
                .append(LOCAL0 + severity(record.ruling().verdict()))
                .append(">1 ");
        header.append(UtcTime.text(Facts.when(record)))
                .append(sender)
                .append(Moment.of(record).code())
                .append(" [exeat@32473");
        parameter(header, "profile", profile.code(), CAP);
        parameter(header, "id", record.id(), CAP);
        parameter(header, "verdict", record.ruling().verdict().code(), CAP);
        parameter(
                header,
                "reason",
                record.ruling().reason() == null
                        ? null
                        : record.ruling().reason().code(),
                CAP);
        parameter(
                header,
                "identity",
                record.source().identity() == null
                        ? null
                        : record.source().identity().toString(),
                SpiffeId.MAX_LENGTH);
        parameter(header, "host", Facts.host(record), CAP);
        header.append("] ");
        byte[] before = header.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] message = new byte[before.length + line.length];
        System.arraycopy(before, 0, message, 0, before.length);
        System.arraycopy(line, 0, message, before.length, line.length);
        return message;
    }

    private static int severity(Verdict verdict) {
        return switch (verdict) {
            case ALLOWED -> INFORMATIONAL;
            case FAILED -> NOTICE;
            case DENIED -> WARNING;
        };
    }

    /** Escapes what section 6.3.3 says; what is not printable ASCII becomes a question mark. */
    private static void parameter(StringBuilder header, String name, @Nullable String value, int cap) {
        if (value == null) {
            return;
        }
        header.append(' ').append(name).append("=\"");
        int end = Math.min(value.length(), cap);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c == ']') {
                header.append('\\').append(c);
            } else {
                header.append(c < ' ' || c > '~' ? '?' : c);
            }
        }
        header.append('"');
    }
}
