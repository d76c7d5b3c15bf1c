package dev.exeat.policy.lint;

import java.util.function.Consumer;

/** Looks for one kind of mistake. Stateless; the time it takes grows with the objects, not with their pairs. */
interface LintCheck {
    /** Words joined by hyphens, stable; its section in {@code docs/lint.md}. */
    String code();

    void check(LintSubject subject, Consumer<Finding> findings);
}
