package dev.exeat.policy.mixer;

import dev.exeat.policy.StatusCode;

/** What one check says. */
sealed interface CheckResult {
    CheckResult PASSED = new Passed();

    record Passed() implements CheckResult {}

    /** @param message begins with the handler's displayed name and a colon */
    record Refused(StatusCode code, String message) implements CheckResult {}

    /** The check could not be made, which denies. */
    record Failed(String message) implements CheckResult {}
}
