package dev.exeat.flow.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The files of a directory of segments: {@code records-0000000001.jsonl} and, with its checkpoints, {@code .seal}. */
record SegmentFiles(Path directory) {
    private static final String PREFIX = "records-";
    private static final String LINES = ".jsonl";
    private static final String SEAL = ".seal";
    private static final int DIGITS = 10;
    /** No number is larger. */
    static final long LARGEST = 9_999_999_999L;

    Path lines(long segment) {
        return directory.resolve(PREFIX + "%010d".formatted(segment) + LINES);
    }

    Path seal(long segment) {
        return directory.resolve(PREFIX + "%010d".formatted(segment) + SEAL);
    }

    /** The numbers of those that have lines or checkpoints, in their order. */
    SortedSet<Long> segments() throws IOException {
        SortedSet<Long> segments = new TreeSet<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> {
                long segment = number(file.getFileName().toString());
                if (segment > 0) {
                    segments.add(segment);
                }
            });
        }
        return segments;
    }

    /** When one that has lines or checkpoints was last written to. */
    Instant lastChange(long segment) throws IOException {
        // Of the two files the checkpoints are written last.
        Path seal = seal(segment);
        return Files.getLastModifiedTime(Files.exists(seal) ? seal : lines(segment))
                .toInstant();
    }

    private static long number(String name) {
        int end = PREFIX.length() + DIGITS;
        if (!name.startsWith(PREFIX)
                || name.length() < end
                || !(name.substring(end).equals(LINES) || name.substring(end).equals(SEAL))) {
            return 0;
        }
        for (int i = PREFIX.length(); i < end; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return 0;
            }
        }
        return Long.parseLong(name, PREFIX.length(), end, 10);
    }
}
