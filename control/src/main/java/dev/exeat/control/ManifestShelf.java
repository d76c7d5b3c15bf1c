package dev.exeat.control;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.control.manifest.ReadDocuments;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The manifest files as they were read last, and the rule when one is read again: when it was told that it is complete,
 * when another file has taken its place, or when it has lain still long enough and nobody is known to write it. Not
 * thread-safe.
 */
final class ManifestShelf {
    /** How long a file that changed untold must lie still before it is read. */
    private static final Duration STILL = Duration.ofSeconds(1);

    /** From so many octets on the threads that help are worth their start. */
    private static final long MUCH = 256 * 1024;

    private final ManifestReader reader = new ManifestReader();
    private final Map<Path, ReadDocuments> documents = new ConcurrentHashMap<>();
    private final Set<Path> writing = new HashSet<>();
    private Map<Path, TrackedFile> files = new LinkedHashMap<>();
    private List<Problem> treeProblems = List.of();
    private boolean unsettled;
    private volatile boolean unreadable;

    /**
     * What a scan would change.
     *
     * @param files the shelf as it would be
     * @param read which of them were read anew, by their places as changes name them
     */
    record Update(Map<Path, TrackedFile> files, Map<Path, Set<Path>> read, List<Problem> problems) {
        boolean isEmpty() {
            return read.isEmpty();
        }
    }

    void writingBegan(Path path) {
        writing.add(path);
    }

    void writingEnded(Path path) {
        writing.remove(path);
    }

    void forgetWriting() {
        writing.clear();
    }

    /** Whether a file waits to lie still. */
    boolean hasUnsettled() {
        return unsettled;
    }

    /** Whether something could not be read: nobody tells when it can, as after a shortage of descriptors. */
    boolean hasUnreadable() {
        return unreadable;
    }

    /** In their order. */
    Collection<TrackedFile> files() {
        return files.values();
    }

    ResourceSet merged() {
        return ResourceMerge.of(files.values(), treeProblems);
    }

    /**
     * Reads what is to be read.
     *
     * @param complete files that are known to be complete, by entry or real path
     * @param first whether nothing is known about any file yet
     */
    Update prepare(ManifestTree tree, Set<Path> complete, boolean first) {
        unsettled = false;
        unreadable = !tree.missingRoots().isEmpty();
        Map<Path, TrackedFile> next = new LinkedHashMap<>();
        Map<Path, Set<Path>> read = new HashMap<>();
        Set<FoundFile> toRead = new LinkedHashSet<>();
        for (FoundFile found : tree.files()) {
            if (first || isToBeRead(found, files.get(found.path()), complete)) {
                toRead.add(found);
            }
        }
        Map<FoundFile, TrackedFile> readNow = read(toRead);
        for (FoundFile found : tree.files()) {
            TrackedFile known = files.get(found.path());
            if (toRead.contains(found)) {
                TrackedFile now = readNow.get(found);
                if (now != null) {
                    next.put(found.path(), now);
                    read.put(
                            found.path(),
                            Set.of(found.entry(), found.real().equals(found.entry()) ? Path.of("") : found.real()));
                }
            } else if (known != null) {
                next.put(found.path(), known);
            }
        }
        return new Update(withKept(next, tree), read, tree.problems());
    }

    /** What lies below a root that is gone for the moment is not taken for deleted; the order of files is kept. */
    private Map<Path, TrackedFile> withKept(Map<Path, TrackedFile> next, ManifestTree tree) {
        if (tree.missingRoots().isEmpty()) {
            return next;
        }
        Map<Path, TrackedFile> all = new LinkedHashMap<>();
        for (Map.Entry<Path, TrackedFile> known : files.entrySet()) {
            boolean below = tree.missingRoots().stream().anyMatch(known.getKey()::startsWith);
            TrackedFile now = next.get(known.getKey());
            if (now != null || below) {
                all.put(known.getKey(), now == null ? known.getValue() : now);
            }
        }
        next.forEach(all::putIfAbsent);
        return all;
    }

    private boolean isToBeRead(FoundFile found, @Nullable TrackedFile known, Set<Path> complete) {
        boolean swapped = known != null && !known.real().equals(found.real());
        if (swapped || complete.contains(found.entry()) || complete.contains(found.real())) {
            return true;
        }
        if (known != null && known.stamp().equals(found.stamp())) {
            return false;
        }
        if (writing.contains(found.real()) || writing.contains(found.entry())) {
            return false;
        }
        boolean still = found.stamp().modified().plus(STILL).isBefore(Instant.now());
        unsettled |= !still;
        return still;
    }

    /** Those that are there still. Much is read on all cores: parsing is most of the time of a start. */
    private Map<FoundFile, TrackedFile> read(Set<FoundFile> found) {
        long octets = found.stream().mapToLong(file -> file.stamp().size()).sum();
        Map<FoundFile, TrackedFile> read = new ConcurrentHashMap<>();
        Stream<FoundFile> each = octets < MUCH ? found.stream() : found.parallelStream();
        each.forEach(file -> {
            TrackedFile now = read(file, files.get(file.path()));
            if (now != null) {
                read.put(file, now);
            }
        });
        return read;
    }

    private @Nullable TrackedFile read(FoundFile found, @Nullable TrackedFile known) {
        try (InputStream in = Files.newInputStream(found.real())) {
            byte[] content = in.readNBytes(ManifestReader.MAX_BYTES + 1);
            ManifestFile file = reader.read(
                    found.path().toString(),
                    content,
                    documents.computeIfAbsent(found.path(), _ -> new ReadDocuments()));
            return known == null ? TrackedFile.first(found, file) : known.next(found, file);
        } catch (NoSuchFileException e) {
            return known;
        } catch (IOException e) {
            unreadable = true;
            Problem problem = new Problem(
                    Problem.Severity.ERROR,
                    "file-unreadable",
                    new Place(found.path().toString(), 0, 0),
                    null,
                    "",
                    "the file cannot be read: " + e.getMessage(),
                    "check its permissions");
            return known == null ? TrackedFile.neverRead(found, problem) : known.unreadable(problem);
        }
    }

    /**
     * Takes an update over.
     *
     * @param touched files that changed while they were read; what was read of them is dropped
     * @return whether anything differs from before
     */
    boolean commit(Update update, Set<Path> touched) {
        Map<Path, TrackedFile> next = new LinkedHashMap<>(update.files());
        for (Map.Entry<Path, Set<Path>> read : update.read().entrySet()) {
            if (read.getValue().stream().anyMatch(touched::contains)) {
                TrackedFile known = files.get(read.getKey());
                if (known == null) {
                    next.remove(read.getKey());
                } else {
                    next.put(read.getKey(), known);
                }
            }
        }
        boolean same = treeProblems.equals(update.problems())
                && new ArrayList<>(next.values()).equals(new ArrayList<>(files.values()));
        files = next;
        documents.keySet().retainAll(next.keySet());
        treeProblems = update.problems();
        return !same;
    }
}
