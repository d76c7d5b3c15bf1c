package dev.exeat.policy.lint;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** All checks. Immutable and thread-safe. */
public final class Linter {
    private final PolicyCompiler compiler;
    private final List<LintCheck> checks;

    /**
     * @param compiler says how the gateway would read the objects
     * @param ahead how long before its end an audit or allowance is told of
     */
    public Linter(PolicyCompiler compiler, PublicSuffixes suffixes, Duration ahead) {
        this.compiler = compiler;
        this.checks = List.of(
                new PublicSuffixWildcard(suffixes),
                new LookAlikeName(suffixes),
                new EchPublicName(),
                new ApexNotCovered(),
                new SuffixWithoutDot(),
                new OverlappingWildcard(),
                ShadowedEntry.byWider(),
                ShadowedEntry.byDenial(),
                new ConflictingRoutes(),
                new UnreachableHost(),
                new NeverMatches(),
                new RepeatedRule(),
                new CoveredListEntry(),
                new UnusedObject(),
                new SelectsNobody(),
                new WideException(),
                EndedPolicy.passed(),
                EndedPolicy.soon(ahead));
    }

    /**
     * What is legal and probably not meant, in the order of the checks; what {@link PolicyCompiler} finds is not repeated.
     *
     * @param sound objects without errors of their own
     * @param complete whether these are all objects; where some have errors it cannot be said that nothing names another
     * @param now when the policies would be in force
     */
    public List<Problem> lint(Collection<Resource> sound, boolean complete, Instant now) {
        LintSubject subject = LintSubject.of(compiler, sound, complete, now);
        List<Problem> problems = new ArrayList<>();
        for (LintCheck check : checks) {
            check.check(
                    subject,
                    finding -> problems.add(new Problem(
                            Problem.Severity.WARNING,
                            check.code(),
                            finding.place(),
                            finding.object(),
                            finding.field(),
                            finding.message(),
                            finding.cure())));
        }
        return problems;
    }

    /** The codes of the checks. */
    public List<String> codes() {
        return checks.stream().map(LintCheck::code).toList();
    }
}
