package dev.exeat.policy.mixer;

import dev.exeat.model.PolicyRef;

/** Is told what became of each rule while checks are made. */
public interface CheckObserver {
    void skipped(PolicyRef rule, String why);

    void notMatched(PolicyRef rule, String why);

    /** @param denies whether the failure denies */
    void matchFailed(PolicyRef rule, String why, boolean denies);

    void passed(PolicyRef rule);

    /** @param failed whether the check could not be made */
    void refused(PolicyRef rule, String message, boolean failed);
}
