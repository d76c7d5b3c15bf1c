package dev.exeat.control;

import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One look at the directories of manifests: which files there are, in the order of roots and names, and which
 * directories hold them. Hidden entries are skipped, links are followed.
 */
final class ManifestTree {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_FILES = 20_000;

    private final List<FoundFile> files = new ArrayList<>();
    private final Set<Path> directories = new LinkedHashSet<>();
    private final Set<Path> missingRoots = new LinkedHashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private ManifestTree() {}

    static ManifestTree scan(List<Path> roots) {
        ManifestTree tree = new ManifestTree();
        for (Path root : roots) {
            tree.scanRoot(root);
        }
        return tree;
    }

    List<FoundFile> files() {
        return files;
    }

    /** The real paths of all directories whose changes matter. */
    Set<Path> directories() {
        return directories;
    }

    /** Roots that are not there now; what was read from below them is not to be taken for deleted. */
    Set<Path> missingRoots() {
        return missingRoots;
    }

    List<Problem> problems() {
        return problems;
    }

    private void scanRoot(Path root) {
        try {
            Path real = root.toRealPath();
            if (Files.isSymbolicLink(root)) {
                watchPlaceOf(root);
            }
            if (Files.isDirectory(real)) {
                scanDirectory(root, real, 0, new HashSet<>());
            } else {
                add(root, directoryOf(root).toRealPath().resolve(root.getFileName()));
            }
        } catch (IOException e) {
            // A file that is gone was deleted; a directory that is gone is more likely not mounted.
            if (!isManifest(root) || !Files.isDirectory(directoryOf(root))) {
                missingRoots.add(root);
            }
            watchPlaceOf(root);
            problem(
                    root,
                    "manifests-missing",
                    "the directory or file of manifests cannot be read: " + reason(e),
                    "create it, or correct the flag");
        }
    }

    /** So that a root is noticed when it appears, or when its link leads elsewhere. */
    private void watchPlaceOf(Path root) {
        try {
            directories.add(directoryOf(root).toRealPath());
        } catch (IOException e) {
            // The place is missing too: then the root is found by looking.
            return;
        }
    }

    private static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    private void scanDirectory(Path shown, Path real, int depth, Set<Path> above) {
        if (depth > MAX_DEPTH || !above.add(real)) {
            problem(shown, "manifests-depth", "directories are nested too deeply, or link to themselves", "");
            return;
        }
        directories.add(real);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
            List<Path> sorted = new ArrayList<>();
            entries.forEach(sorted::add);
            sorted.sort((a, b) ->
                    a.getFileName().toString().compareTo(b.getFileName().toString()));
            for (Path entry : sorted) {
                scanEntry(shown.resolve(entry.getFileName()), entry, depth, above);
            }
        } catch (IOException | DirectoryIteratorException e) {
            missingRoots.add(shown);
            problem(
                    shown,
                    "manifests-unreadable",
                    "the directory cannot be read: " + e.getMessage(),
                    "check its permissions");
        }
        above.remove(real);
    }

    private void scanEntry(Path shown, Path entry, int depth, Set<Path> above) throws IOException {
        if (entry.getFileName().toString().startsWith(".")) {
            return;
        }
        if (Files.isDirectory(entry)) {
            scanDirectory(shown, entry.toRealPath(), depth + 1, above);
        } else if (isManifest(entry)) {
            add(shown, entry);
        }
    }

    static boolean isManifest(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private void add(Path shown, Path entry) {
        if (files.size() >= MAX_FILES) {
            if (files.size() == MAX_FILES
                    && problems.stream().noneMatch(p -> p.code().equals("manifests-many"))) {
                problem(
                        shown,
                        "manifests-many",
                        "there are more than " + MAX_FILES + " files; this one and all after it are left out",
                        "join files");
            }
            return;
        }
        try {
            Path real = entry.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            if (attributes.isRegularFile()) {
                files.add(new FoundFile(shown, entry, real, FileStamp.of(attributes)));
                directories.add(entry.getParent());
                directories.add(real.getParent());
            }
        } catch (IOException e) {
            if (Files.isSymbolicLink(entry)) {
                missingRoots.add(shown);
                problem(shown, "file-unreadable", "the link leads nowhere: " + reason(e), "");
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "it does not exist" : String.valueOf(e.getMessage());
    }

    private void problem(Path path, String code, String message, String cure) {
        problems.add(
                new Problem(Problem.Severity.ERROR, code, new Place(path.toString(), 0, 0), null, "", message, cure));
    }
}
