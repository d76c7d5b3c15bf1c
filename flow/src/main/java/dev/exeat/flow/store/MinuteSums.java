package dev.exeat.flow.store;

import dev.exeat.flow.store.MinuteSum.Group;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the sums of a batch and adds them to those of the store. Callers choose the hosts, so that a minute tells only
 * so many apart; the rest are summed as one.
 */
final class MinuteSums {
    private static final int MOST = 5_000;
    private static final long MICROS_PER_MINUTE = 60_000_000;

    private final PreparedStatement add;
    private final Map<Row, Sum> batch = new HashMap<>();
    private final Set<Group> known = new HashSet<>();
    private long minute;

    private record Row(long minute, Group group) {}

    private static final class Sum {
        private long count;
        private long received;
        private long sent;
    }

    MinuteSums(Connection connection) throws SQLException {
        this.add = connection.prepareStatement("""
                INSERT INTO minute (minute, identity, host, port, verdict, reason, rule, count, received, sent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (minute, identity, host, port, verdict, reason, rule) DO UPDATE SET
                count = minute.count + excluded.count, received = minute.received + excluded.received,
                sent = minute.sent + excluded.sent""");
    }

    void add(Entry entry) {
        long ended = Math.floorDiv(entry.ended(), MICROS_PER_MINUTE);
        if (ended != minute) {
            minute = ended;
            known.clear();
        }
        Sum sum = batch.computeIfAbsent(new Row(ended, told(entry.group())), _ -> new Sum());
        sum.count++;
        sum.received += entry.received();
        sum.sent += entry.sent();
    }

    private Group told(Group group) {
        if (known.size() < MOST) {
            known.add(group);
            return group;
        }
        return known.contains(group)
                ? group
                : new Group(group.identity(), MinuteSum.OTHER, 0, group.verdict(), group.reason(), group.rule());
    }

    void write() throws SQLException {
        for (Map.Entry<Row, Sum> row : batch.entrySet()) {
            Group group = row.getKey().group();
            add.setLong(1, row.getKey().minute());
            add.setString(2, printable(group.identity()));
            add.setString(3, printable(group.host()));
            add.setInt(4, group.port());
            add.setString(5, group.verdict());
            add.setString(6, group.reason());
            add.setString(7, group.rule());
            add.setLong(8, row.getValue().count);
            add.setLong(9, row.getValue().received);
            add.setLong(10, row.getValue().sent);
            add.addBatch();
        }
        add.executeBatch();
        batch.clear();
    }

    /** Not every database takes whatever a client may have sent for a name. */
    private static String printable(String text) {
        return text.chars().allMatch(MinuteSums::isPrintable)
                ? text
                : text.chars()
                        .map(letter -> isPrintable(letter) ? letter : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isPrintable(int letter) {
        return letter >= ' ' && letter <= '~';
    }

    /** After a batch that was not written. */
    void forget() {
        batch.clear();
    }
}
