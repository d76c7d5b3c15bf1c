package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Verdict;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest records, so that a connection can be asked about that ended a moment ago. What was refused is asked about
 * most and is kept apart, so that a flood of what passes does not push it out. Bounded; thread-safe without locks.
 */
public final class RecentRecords {
    private static final int REFUSED = 1024;
    private static final int CARRIED = 256;

    private final Ring refused = new Ring(REFUSED);
    private final Ring carried = new Ring(CARRIED);
    private final List<Consumer<ConnectionRecord>> listeners = new CopyOnWriteArrayList<>();

    private static final class Ring {
        private final AtomicReferenceArray<ConnectionRecord> records;
        private final AtomicLong count = new AtomicLong();

        Ring(int size) {
            records = new AtomicReferenceArray<>(size);
        }

        void add(ConnectionRecord record) {
            records.set((int) (count.getAndIncrement() % records.length()), record);
        }

        /** From the newest on, for that is asked about most. */
        @Nullable
        ConnectionRecord find(String id) {
            long newest = count.get() + records.length() - 1;
            for (int i = 0; i < records.length(); i++) {
                ConnectionRecord record = records.get((int) ((newest - i) % records.length()));
                if (record != null && record.id().equals(id)) {
                    return record;
                }
            }
            return null;
        }

        void replace(ConnectionRecord record) {
            long newest = count.get() + records.length() - 1;
            for (int i = 0; i < records.length(); i++) {
                int at = (int) ((newest - i) % records.length());
                ConnectionRecord known = records.get(at);
                if (known != null && known.id().equals(record.id())) {
                    records.compareAndSet(at, known, record);
                    return;
                }
            }
        }
    }

    /** Tells each record; the listener must not block. */
    public void onRecord(Consumer<ConnectionRecord> listener) {
        listeners.add(listener);
    }

    public void add(ConnectionRecord record) {
        listeners.forEach(listener -> listener.accept(record));
        boolean passed =
                record.ruling().verdict() == Verdict.ALLOWED && record.ruling().wouldDeny() == null;
        (passed ? carried : refused).add(record);
    }

    /** Puts what is known now of a connection in the place of its record, if that is kept still. */
    public void replace(ConnectionRecord record) {
        refused.replace(record);
    }

    /** The record of that id, or null if it was never there or is not kept any more. */
    public @Nullable ConnectionRecord find(String id) {
        ConnectionRecord record = refused.find(id);
        return record == null ? carried.find(id) : record;
    }
}
