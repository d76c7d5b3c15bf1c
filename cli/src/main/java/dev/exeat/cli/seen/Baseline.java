package dev.exeat.cli.seen;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ask.Printable;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.query.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which pairs of a client and a host are known: a text file with a pair in each line, {@code WHO HOST:PORT}, in which
 * {@code *} stands for any text. Blank lines, and what follows a {@code #}, are for people.
 */
public final class Baseline {
    private static final String HEAD = """
            # Who is known to go where: WHO HOST:PORT in each line, * stands for any text.
            # Written by exeat drift --update, which adds lines and keeps those that are here.
            """;

    private static final Pattern UNFIT = Pattern.compile("[\\s#*]");

    private final Path file;
    private final List<Pair> pairs;

    private record Pair(Glob who, Glob what) {
        boolean covers(Who client, String target) {
            return what.matches(target) && (who.matches(client.identity()) || who.matches(name(client)));
        }
    }

    private Baseline(Path file, List<Pair> pairs) {
        this.file = file;
        this.pairs = pairs;
    }

    /**
     * Reads it.
     *
     * @param mayLack whether a file that is not there is an empty one
     * @throws CommandFailure if it cannot be read, or a line of it
     */
    public static Baseline read(Path file, boolean mayLack) {
        if (mayLack && !Files.exists(file)) {
            return new Baseline(file, List.of());
        }
        List<Pair> pairs = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            String text = line.indexOf('#') < 0 ? line : line.substring(0, line.indexOf('#'));
            List<String> words = List.of(text.strip().split("\\s+"));
            if (words.size() == 2) {
                pairs.add(new Pair(new Glob(words.getFirst()), new Glob(words.getLast())));
            } else if (!text.isBlank()) {
                throw new CommandFailure(
                        ExitCode.UNKNOWN,
                        file + ":" + number + ": a line names who and what, as in default/sleep en.wikipedia.org:443");
            }
        }
        return new Baseline(file, pairs);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN,
                    Files.exists(file)
                            ? "cannot read " + file + ": " + e.getMessage()
                            : "there is no file " + file + "; exeat drift --baseline " + file + " --update makes it");
        }
    }

    /** @param target as {@link #target} makes it */
    public boolean knows(Who client, String target) {
        return pairs.stream().anyMatch(pair -> pair.covers(client, target));
    }

    /** Adds pairs to the file; what is there stays, with the words of people. */
    void add(List<String> lines) {
        try {
            String before = Files.exists(file) ? Files.readString(file) : HEAD;
            String end = before.endsWith("\n") ? "" : "\n";
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, before + end + String.join("\n", lines) + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "cannot write " + file + ": " + e.getMessage());
        }
    }

    /** How a client is called in a line: {@code (no-identity)} for all without one, which nothing tells apart for certain. */
    public static String name(Who client) {
        return client.identity().isEmpty() ? "(no-identity)" : word(client.shortName());
    }

    /** {@code HOST:PORT} as in a line. */
    public static String target(String host, int port) {
        return (host.isEmpty() ? "(no-name)" : word(host)) + ":" + port;
    }

    /** A client's text can neither end a line or a word, nor stand for any text. */
    private static String word(String text) {
        return UNFIT.matcher(Printable.of(text)).replaceAll("\ufffd");
    }
}
