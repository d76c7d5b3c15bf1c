package dev.exeat.control;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.Compilation;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import java.io.InputStream;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
     * @param effects what objects do here whose author may expect more of them, or less; for people
     */
    public record Report(
            List<Problem> problems, int files, Map<String, Integer> objects, Map<ObjectKey, String> effects) {
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
        Recompiler recompiler = compiler.recompiler();
        ManifestSet set = ManifestSet.read(recompiler, paths, standardInput);
        Compilation compilation = recompiler.compile(set.all());
        List<Problem> problems = set.problems(compilation);
        problems.sort(BY_PLACE);
        if (set.files() == 0 && problems.isEmpty()) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "manifests-missing",
                    Place.UNKNOWN,
                    null,
                    "",
                    "there is no *.yaml, *.yml or *.json file",
                    "name files or directories with -f"));
        }
        return new Report(problems, set.files(), byKind(set.sound()), compilation.effects());
    }

    private static Map<String, Integer> byKind(Collection<Resource> resources) {
        Map<String, Integer> counts = new TreeMap<>();
        resources.forEach(resource -> counts.merge(resource.key().kind(), 1, Integer::sum));
        return counts;
    }
}
