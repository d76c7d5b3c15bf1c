package dev.exeat.policy;

import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refusal.
 *
 * @param message of a check as Mixer writes it, for example
 *     {@code PERMISSION_DENIED:wikipedia-checker.istio-system:en.wikipedia.org is blacklisted}; may hold text of the
 *     client
 * @param rule the first rule that refused, or null where none did
 * @param hint what to do about it
 * @param until when it comes into force, where it is only what would be; null where no date is set
 */
public record Denial(
        Attempt attempt,
        String digest,
        Reason reason,
        String message,
        @Nullable PolicyRef rule,
        String hint,
        @Nullable Instant until)
        implements Decision {}
