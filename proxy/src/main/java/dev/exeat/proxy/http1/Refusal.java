package dev.exeat.proxy.http1;

import dev.exeat.model.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a CONNECT caller is told when it gets no tunnel. The names of the JSON members are a contract.
 *
 * @param message one sentence for people
 * @param rule the object that decided, as {@code Kind namespace/name}, or null if none did
 * @param decisionId under which the log has more
 * @param whatToDo one sentence on the cure
 */
public record Refusal(
        Reason reason, String message, @Nullable String rule, String decisionId, String whatToDo) {}
