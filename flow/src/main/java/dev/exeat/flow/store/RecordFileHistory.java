package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.flow.query.FlowReader;
import dev.exeat.flow.store.MinuteSum.Group;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file, as the record log writes them; the sequence of a record is the number of its line. Other lines
 * are passed over. Reads from the file each time.
 */
public final class RecordFileHistory implements FlowHistory {
    private final FlowReader reader = new FlowReader();
    private final String name;
    private final Lines lines;
    private final Consumer<String> passedOver;

    /** Begins to read. */
    @FunctionalInterface
    private interface Lines {
        InputStream open() throws IOException;
    }

    private RecordFileHistory(String name, Lines lines, Consumer<String> passedOver) {
        this.name = name;
        this.lines = lines;
        this.passedOver = passedOver;
    }

    /**
     * @param file {@code -} for the other parameter, which can be read only once
     * @param passedOver told of each line that is no record, as {@code FILE:LINE: ...}
     * @throws FlowStoreException if there is no such file
     */
    public static RecordFileHistory open(Path file, InputStream standardInput, Consumer<String> passedOver) {
        if (file.toString().equals("-")) {
            return new RecordFileHistory("standard input", () -> standardInput, passedOver);
        }
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new FlowStoreException(
                    Files.exists(file) ? "cannot read " + file : "there is no file " + file,
                    new IOException("unreadable"));
        }
        return new RecordFileHistory(file.toString(), () -> Files.newInputStream(file), passedOver);
    }

    @Override
    public void read(FlowFilter filter, Window window, FlowVisitor visitor) {
        Deque<StoredFlow> newest = new ArrayDeque<>();
        FlowVisitor keep = flow -> {
            newest.add(flow);
            if (newest.size() > window.last()) {
                newest.removeFirst();
            }
            return true;
        };
        scan(filter, window.after(), window.last() == 0 ? visitor : keep);
        newest.stream().takeWhile(visitor::visit).forEach(_ -> {});
    }

    private void scan(FlowFilter filter, long after, FlowVisitor visitor) {
        // Records are ASCII; of another line every octet is a character, so that it is told as what it is.
        try (BufferedReader in = new BufferedReader(new InputStreamReader(lines.open(), StandardCharsets.ISO_8859_1))) {
            long number = 0;
            boolean more = true;
            String line = in.readLine();
            while (more && line != null) {
                number++;
                Flow flow = number > after ? parse(line, number) : null;
                more = flow == null || !filter.test(flow) || visitor.visit(new StoredFlow(number, flow));
                line = in.readLine();
            }
        } catch (IOException e) {
            throw new FlowStoreException("cannot read " + name + " (" + e.getMessage() + ")", e);
        }
    }

    /** Null for one that a kill tore, or that is still written. */
    private @Nullable Flow parse(String line, long number) {
        try {
            return reader.read(line);
        } catch (RecordFormatException e) {
            passedOver.accept(name + ":" + number + ": passed over, for it is no record of a connection ("
                    + e.getMessage() + ")");
            return null;
        }
    }

    /** Reads the file once, for standard input can be read only once. */
    @Override
    public void each(FlowFilter filter, Consumer<StoredFlow> visitor) {
        OncePerConnection once = new OncePerConnection(visitor);
        read(filter, Window.ALL, stored -> {
            once.add(stored);
            return true;
        });
        once.end();
    }

    @Override
    public @Nullable Flow find(String id) {
        Flow[] found = new Flow[1];
        FlowFilter filter = FlowFilter.ALL.and(Condition.of(FlowField.ID, List.of(id), false));
        read(filter, Window.last(1), stored -> {
            found[0] = stored.flow();
            return true;
        });
        return found[0];
    }

    @Override
    public void minutes(Instant since, Instant until, Predicate<MinuteSum> visitor) {
        Map<Instant, Map<Group, long[]>> sums = new LinkedHashMap<>();
        read(FlowFilter.ALL, Window.ALL, stored -> {
            Flow flow = stored.flow();
            Entry entry = Entry.of(flow);
            Instant minute =
                    flow.time().plusNanos(flow.ending().micros() * 1_000).truncatedTo(ChronoUnit.MINUTES);
            if (flow.event() == Event.FINAL && !minute.isBefore(since) && minute.isBefore(until)) {
                long[] sum = sums.computeIfAbsent(minute, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(entry.group(), _ -> new long[3]);
                sum[0]++;
                sum[1] += flow.ending().received();
                sum[2] += flow.ending().sent();
            }
            return true;
        });
        sums.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(minute -> minute.getValue().entrySet().stream()
                        .map(sum -> new MinuteSum(
                                minute.getKey(),
                                sum.getKey(),
                                sum.getValue()[0],
                                sum.getValue()[1],
                                sum.getValue()[2])))
                .takeWhile(visitor)
                .forEach(_ -> {});
    }

    @Override
    public long newest() {
        long[] last = new long[1];
        read(FlowFilter.ALL, Window.ALL, stored -> {
            last[0] = stored.sequence();
            return true;
        });
        return last[0];
    }

    @Override
    public void close() {
        // Nothing is open between two readings.
    }
}
