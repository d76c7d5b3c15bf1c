package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import java.util.function.Function;

/**
 * Makes lines of records: printable ASCII, whatever the record's texts are, so that no name of a client can end a line
 * or steer a terminal. Thread-safe.
 */
@FunctionalInterface
public interface ProfileEncoder {
    /** The line with its line feed. */
    byte[] encode(ConnectionRecord record);

    /** Whether it has a line of a connection's beginning, beside the one of its end. */
    default boolean hasOpens() {
        return true;
    }

    /** One that has a line of the end alone. */
    static ProfileEncoder ofFinals(Function<ConnectionRecord, byte[]> lines) {
        return new ProfileEncoder() {
            @Override
            public byte[] encode(ConnectionRecord record) {
                return lines.apply(record);
            }

            @Override
            public boolean hasOpens() {
                return false;
            }
        };
    }
}
