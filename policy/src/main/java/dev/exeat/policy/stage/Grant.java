package dev.exeat.policy.stage;

import dev.exeat.model.Cidr;
import dev.exeat.model.PolicyRef;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lets an attempt pass.
 *
 * @param exceptions blocks that its host may resolve into although the address guard forbids them
 * @param until when it ends, or null where it does not
 */
public record Grant(
        PolicyRef rule, List<Cidr> exceptions, @Nullable Instant until) {
    public Grant {
        exceptions = List.copyOf(exceptions);
    }

    public Grant(PolicyRef rule) {
        this(rule, List.of(), null);
    }
}
