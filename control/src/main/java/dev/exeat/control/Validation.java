package dev.exeat.control;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.PolicyCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Judges manifests without putting them in force: each object by itself, then all of them together. */
public final class Validation {
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    private final PolicyCompiler compiler;
    private final InputStream standardInput;

    /** @param standardInput what the path {@code -} stands for */
    public Validation(PolicyCompiler compiler, InputStream standardInput) {
        this.compiler = compiler;
        this.standardInput = standardInput;
    }

    /**
     * What was found.
     *
     * @param problems by file and line
     * @param files how many files were read
     * @param objects how many sound objects there are of each kind, by kind
     */
    public record Report(List<Problem> problems, int files, Map<String, Integer> objects) {
        public Report {
            problems = List.copyOf(problems);
        }

        public long errors() {
            return problems.stream().filter(Problem::isError).count();
        }

        public long warnings() {
            return problems.size() - errors();
        }
    }

    /** @param paths files, directories with all below them, or {@code -} for standard input */
    public Report validate(List<String> paths) {
        List<Path> roots =
                paths.stream().filter(path -> !path.equals("-")).map(Path::of).toList();
        ManifestTree tree = ManifestTree.scan(roots);
        ManifestShelf shelf = new ManifestShelf();
        shelf.commit(shelf.prepare(tree, Set.of(), true), Set.of());
        List<TrackedFile> files = new ArrayList<>(shelf.files());
        if (paths.contains("-")) {
            files.add(standardInputFile());
        }
        ResourceSet set = ResourceMerge.of(files, tree.problems());
        return judge(set, files.size());
    }

    private TrackedFile standardInputFile() {
        try {
            byte[] content = standardInput.readNBytes(ManifestReader.MAX_BYTES + 1);
            Path name = Path.of("<stdin>");
            FoundFile found = new FoundFile(name, name, name, FileStamp.NONE);
            return TrackedFile.first(found, new ManifestReader().read(name.toString(), content));
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    private Report judge(ResourceSet set, int files) {
        ObjectLedger ledger = new ObjectLedger(compiler::check);
        ObjectLedger.Accepted accepted = ledger.accept(set.resources());
        List<Problem> problems = new ArrayList<>(set.problems());
        problems.addAll(accepted.problems());
        problems.addAll(compiler.compile(accepted.all()).problems());
        problems.sort(BY_PLACE);
        if (files == 0 && problems.isEmpty()) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "manifests-missing",
                    Place.UNKNOWN,
                    null,
                    "",
                    "there is no *.yaml, *.yml or *.json file",
                    "name files or directories with -f"));
        }
        return new Report(problems, files, byKind(accepted.sound()));
    }

    private static Map<String, Integer> byKind(Collection<Resource> resources) {
        Map<String, Integer> counts = new TreeMap<>();
        resources.forEach(resource -> counts.merge(resource.key().kind(), 1, Integer::sum));
        return counts;
    }
}
