package dev.exeat.cli.findings;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.flow.query.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Findings that somebody has looked at and accepted: a text file with {@code KIND WHO HOST:PORT [until DATE] # REASON} in
 * each line, in which {@code *} stands for any text. A line that is over suppresses nothing.
 */
final class Suppressions {
    static final Suppressions NONE = new Suppressions(List.of(), List.of());
    private static final int WORDS = 3;
    private static final String SHAPE = ": a line reads KIND WHO HOST:PORT [until DATE] # REASON, as in"
            + " ech default/browser * until 2027-01-31 # reviewed by the network team";

    private final List<Line> lines;
    private final List<String> over;

    private record Line(Glob kind, Glob who, Glob what) {
        boolean covers(Finding finding) {
            Pair pair = finding.pair();
            return kind.matches(finding.kind().code())
                    && what.matches(pair.what())
                    && (who.matches(pair.who()) || who.matches(pair.identity()));
        }
    }

    private Suppressions(List<Line> lines, List<String> over) {
        this.lines = List.copyOf(lines);
        this.over = List.copyOf(over);
    }

    /** @throws CommandFailure if the file cannot be read, or a line of it */
    static Suppressions read(Path file, Instant now) {
        List<Line> lines = new ArrayList<>();
        List<String> over = new ArrayList<>();
        int number = 0;
        for (String text : texts(file)) {
            String place = file + ":" + ++number;
            int hash = text.indexOf('#');
            String words = hash < 0 ? text : text.substring(0, hash);
            if (words.isBlank()) {
                continue;
            }
            if (hash < 0 || text.substring(hash + 1).isBlank()) {
                throw wrong(place, "the line says no reason, behind a #");
            }
            List<String> parts = List.of(words.strip().split("\\s+"));
            Instant until = until(place, parts);
            if (until != null && !now.isBefore(until)) {
                over.add(place + ": over since " + parts.getLast() + ", and suppresses nothing");
            } else {
                lines.add(line(place, parts));
            }
        }
        return new Suppressions(lines, over);
    }

    private static List<String> texts(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    Files.exists(file) ? "cannot read " + file + ": " + e.getMessage() : "there is no file " + file);
        }
    }

    private static Line line(String place, List<String> parts) {
        String kind = parts.getFirst();
        if (kind.indexOf('*') < 0 && Kind.of(kind).isEmpty()) {
            throw wrong(place, "there is no kind " + kind + "; those are " + Kind.codes());
        }
        return new Line(new Glob(kind), new Glob(parts.get(1)), new Glob(parts.get(2)));
    }

    private static @Nullable Instant until(String place, List<String> parts) {
        if (parts.size() == WORDS) {
            return null;
        }
        if (parts.size() != WORDS + 2 || !parts.get(3).equals("until")) {
            throw wrong(place, "it cannot be read" + SHAPE);
        }
        try {
            return LocalDate.parse(parts.getLast()).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw wrong(place, parts.getLast() + " is no date, as 2027-01-31 is");
        }
    }

    private static CommandFailure wrong(String place, String problem) {
        return new CommandFailure(ExitCode.UNKNOWN, place + ": " + problem);
    }

    boolean cover(Finding finding) {
        return lines.stream().anyMatch(line -> line.covers(finding));
    }

    /** For people: lines whose date has come. */
    List<String> over() {
        return over;
    }
}
