package dev.exeat.flow.log;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.LineWriter;
import dev.exeat.flow.profile.Moment;
import dev.exeat.flow.profile.ProfileEncoder;

/**
 * One log of connections. Thread-safe; never blocks.
 *
 * @param onFull with {@link OnLogFull#BLOCK} there is always room for a connection that is carried
 */
record ConnectionLog(ProfileEncoder encoder, LineWriter writer, OnLogFull onFull) {
    boolean hasOpens() {
        return encoder.hasOpens();
    }

    /** A line that finds no room is dropped and counted. */
    void write(ConnectionRecord record) {
        if (record.event() == ConnectionRecord.Event.OPEN && !hasOpens()) {
            return;
        }
        byte[] line = encoder.encode(record);
        // What was refused before it was carried can come in any number, and has to keep to the bound.
        if (onFull == OnLogFull.BLOCK && Moment.of(record) != Moment.DENY) {
            writer.offerAlways(line);
        } else {
            writer.offer(line);
        }
    }

    /** Whether another connection may be carried. */
    boolean hasRoom() {
        return onFull == OnLogFull.DROP || writer.hasRoom();
    }
}
