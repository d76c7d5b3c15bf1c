package dev.exeat.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a log file is set aside under a name with the time of it, and how long those are kept.
 *
 * @param octets size that a file does not pass, but for a single batch that is larger; 0 for no limit
 * @param age after which files set aside are deleted; zero for never
 * @param files how many set aside are kept; 0 for all
 * @param period after which the file itself is set aside, when the next line comes; zero for never
 */
public record Rotation(long octets, Duration age, int files, Duration period) {
    public static final Rotation NONE = new Rotation(0, Duration.ZERO, 0);

    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** What stands behind the name of a file set aside; 0 is any digit. */
    private static final String STAMPED = ".00000000T000000.000Z-0000";

    private static final int SAME_TIME = 10_000;

    /** One by size alone. */
    public Rotation(long octets, Duration age, int files) {
        this(octets, age, files, Duration.ZERO);
    }

    /** @param begun when the file's first line came */
    boolean isDue(long size, int more, Instant begun, Instant now) {
        boolean full = octets > 0 && size + more > octets;
        boolean old = !period.isZero() && !now.isBefore(begun.plus(period));
        return size > 0 && (full || old);
    }

    /** Gives the file its other name, and deletes those that are too old or too many. */
    void setAside(Path path, Instant now) throws IOException {
        Files.move(path, freeName(path, now), StandardCopyOption.ATOMIC_MOVE);
        try {
            deleteOld(path, now);
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("cause", e.toString())
                    .log("old log files could not be deleted; delete them by hand, or let the program do it");
        }
    }

    /** A move replaces what has the name already, and two files can be full within one millisecond. */
    private static Path freeName(Path path, Instant now) throws IOException {
        for (int i = 0; i < SAME_TIME; i++) {
            Path aside = path.resolveSibling("%s.%s-%04d".formatted(path.getFileName(), STAMP.format(now), i));
            if (Files.notExists(aside)) {
                return aside;
            }
        }
        throw new IOException("no free name beside " + path + " to set it aside");
    }

    private void deleteOld(Path path, Instant now) throws IOException {
        List<Path> aside = setAsideOf(path);
        Instant oldest = age.isZero() ? Instant.MIN : now.minus(age);
        for (int i = 0; i < aside.size(); i++) {
            boolean tooMany = files > 0 && i < aside.size() - files;
            if (tooMany || Files.getLastModifiedTime(aside.get(i)).toInstant().isBefore(oldest)) {
                Files.deleteIfExists(aside.get(i));
            }
        }
    }

    /** Oldest first; never a file that somebody else put beside the log. */
    private static List<Path> setAsideOf(Path path) throws IOException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            return List.of();
        }
        String name = path.getFileName().toString();
        List<Path> aside = new ArrayList<>();
        try (Stream<Path> siblings = Files.list(parent)) {
            siblings.filter(sibling -> isSetAside(sibling.getFileName().toString(), name))
                    .forEach(aside::add);
        }
        Collections.sort(aside);
        return aside;
    }

    private static boolean isSetAside(String sibling, String name) {
        if (sibling.length() != name.length() + STAMPED.length() || !sibling.startsWith(name)) {
            return false;
        }
        for (int i = 0; i < STAMPED.length(); i++) {
            char expected = STAMPED.charAt(i);
            char found = sibling.charAt(name.length() + i);
            if (expected == '0' ? found < '0' || found > '9' : found != expected) {
                return false;
            }
        }
        return true;
    }
}
