package dev.exeat.policy.stage;

import dev.exeat.model.PolicyRef;

/** Is told what became of each policy while a stage judges. All texts are for people and may hold text of the client. */
public interface StageObserver {
    /** It was not asked. */
    void skipped(PolicyRef policy, String why);

    void notMatched(PolicyRef policy, Miss miss);

    /**
     * It could not be evaluated.
     *
     * @param denies whether that denies
     */
    void failed(PolicyRef policy, String why, boolean denies);

    /** It applies, and lets the attempt pass. */
    void passed(PolicyRef policy, String why);

    void denied(PolicyRef policy, String why);

    /** It denied, and this came nearest to let it pass. */
    void nearlyPassed(PolicyRef policy, String what);
}
