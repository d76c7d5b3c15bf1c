package dev.exeat.policy.stage;

import dev.exeat.model.PolicyRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the policies of one kind say of an attempt.
 *
 * @param enforced the refusal of the policies in force, or null where they let it pass
 * @param trial the refusal there would be if policies in audit or dry run were in force too, or null; where
 *     {@code enforced} is not null it does not matter
 * @param grant what lets it pass by name, or null where nothing does
 * @param marks policies that only mark what they match
 */
public record StageVerdict(
        @Nullable Refusal enforced,
        @Nullable Refusal trial,
        @Nullable Grant grant,
        List<PolicyRef> marks) {
    /** No policy of the kind concerns the attempt. */
    public static final StageVerdict NOTHING = new StageVerdict(null, null, null, List.of());

    public StageVerdict {
        marks = List.copyOf(marks);
    }
}
