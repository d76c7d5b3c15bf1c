package dev.exeat.flow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The log of native records: one line of JSON for each connection. Thread-safe. */
public final class RecordLog implements AutoCloseable {
    private final RecordEncoder encoder = new RecordEncoder();
    private final LineWriter writer;

    private RecordLog(LineWriter writer) {
        this.writer = writer;
    }

    /**
     * Begins the log.
     *
     * @param target a file that is appended to, or {@code -} for standard output
     * @param rotation of the file
     * @throws RecordLogException if the file can't be written; later trouble is told by the program's log and counted
     */
    public static RecordLog open(String target, Rotation rotation, InstantSource clock) {
        LineSink sink = target.equals("-") ? StandardStream.output() : file(target, rotation, clock);
        return new RecordLog(new LineWriter("records", sink, LineWriter.Bounds.USUAL));
    }

    private static FileSink file(String target, Rotation rotation, InstantSource clock) {
        FileSink sink = new FileSink(Path.of(target), rotation, clock);
        try {
            sink.prepare();
            return sink;
        } catch (IOException e) {
            throw new RecordLogException(
                    "the record log " + target + " cannot be written ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage()
                            + "); choose another file with --record-log",
                    e);
        }
    }

    /** Never blocks; a record that finds no room is dropped and counted. */
    public void write(ConnectionRecord record) {
        writer.offer(encoder.encode(record));
    }

    /** Opens the file anew, after somebody moved it away. */
    public void reopen() {
        writer.reopen();
    }

    /** For metrics. */
    public LineWriter writer() {
        return writer;
    }

    @Override
    public void close() {
        writer.close();
    }
}
