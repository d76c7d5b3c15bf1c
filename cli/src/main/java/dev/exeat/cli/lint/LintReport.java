package dev.exeat.cli.lint;

import dev.exeat.control.ManifestSet;
import dev.exeat.model.Problem;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.lint.Ignores;
import dev.exeat.policy.lint.Linter;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Everything that was found.
 *
 * @param problems by file and line
 * @param ignored how many warnings were left out as the objects or the command line ask
 */
record LintReport(List<Problem> problems, int ignored, int files, int objects) {
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column())
            .thenComparing(Problem::code);

    LintReport {
        problems = List.copyOf(problems);
    }

    /** @param ignoredCodes codes whose warnings are left out everywhere */
    static LintReport of(
            ManifestSet set, PolicyCompiler compiler, Linter linter, Collection<String> ignoredCodes, Instant now) {
        List<Problem> found = set.problems(compiler.compile(set.all()));
        found.addAll(linter.lint(set.sound(), set.broken().isEmpty(), now));
        Ignores.Result kept = Ignores.apply(set.all(), found);
        List<Problem> problems = kept.problems().stream()
                .filter(problem -> problem.isError() || !ignoredCodes.contains(problem.code()))
                .sorted(BY_PLACE)
                .toList();
        int ignored = kept.ignored() + kept.problems().size() - problems.size();
        return new LintReport(problems, ignored, set.files(), set.all().size());
    }

    long errors() {
        return problems.stream().filter(Problem::isError).count();
    }

    long warnings() {
        return problems.size() - errors();
    }
}
