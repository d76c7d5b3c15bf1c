package dev.exeat.policy.mixer;

import dev.exeat.model.LogEntry;
import dev.exeat.policy.EntryType;
import dev.exeat.policy.ProviderSpec;
import dev.exeat.policy.StatusCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a handler, as its adapter wants them. */
sealed interface HandlerConfig {

    /**
     * @param levels by the text of a severity; text that is not there means INFO
     * @param least entries below this level are not written
     */
    record Stdio(
            LogEntry.Stream stream,
            Map<String, LogEntry.Level> levels,
            LogEntry.Level metricLevel,
            LogEntry.Level least)
            implements HandlerConfig {}

    /**
     * @param overrides entries that are always in the list
     * @param provider where further entries come from, or null
     */
    record ListCheck(
            List<String> overrides,
            EntryType entryType,
            boolean blacklist,
            @Nullable ProviderSpec provider) implements HandlerConfig {}

    record Deny(StatusCode code, String message) implements HandlerConfig {}

    /** Of an adapter that does nothing here. */
    record None() implements HandlerConfig {}
}
