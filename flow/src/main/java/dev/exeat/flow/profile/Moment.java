package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import java.util.Locale;

/** What a record tells of in the life of its connection. */
public enum Moment {
    /** Its bytes flow from now on. */
    OPEN,
    /** It ended before a byte could flow, by a denial or a failure. */
    DENY,
    /** It ended after {@link #OPEN}. */
    CLOSE;

    private final String code = name().toLowerCase(Locale.ROOT);

    public String code() {
        return code;
    }

    public static Moment of(ConnectionRecord record) {
        if (record.event() == ConnectionRecord.Event.OPEN) {
            return OPEN;
        }
        // Bytes flow as soon as the upstream is connected, and never before.
        return record.route().dialled() == null ? DENY : CLOSE;
    }
}
