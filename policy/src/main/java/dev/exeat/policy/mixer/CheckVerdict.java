package dev.exeat.policy.mixer;

import dev.exeat.model.PolicyRef;
import org.jspecify.annotations.Nullable;

/** What all matching checks say together. */
public sealed interface CheckVerdict {

    /** @param rule the first rule by name whose check was made, or null where none was */
    record Passed(@Nullable PolicyRef rule) implements CheckVerdict {}

    /**
     * @param failed whether a check could not be made, rather than said no
     * @param message as Mixer writes it, the code first
     * @param rule the first by name of those that refuse
     */
    record Refused(boolean failed, String message, PolicyRef rule) implements CheckVerdict {}
}
