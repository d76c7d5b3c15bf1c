package dev.exeat.policy;

import dev.exeat.policy.mixer.EntryList;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A list that some handler wants to have fetched.
 *
 * @param refreshInterval how often to ask, at least one second
 * @param ttl how long entries may be used without a successful fetch; at least the interval
 */
public record ProviderSpec(String url, Duration refreshInterval, Duration ttl, EntryType entryType) {

    /**
     * What is wrong with a fetched list, or null where nothing is. One bad entry spoils a list: the one before it then
     * stays in use until its ttl ends.
     */
    public @Nullable String problemWith(Iterable<String> entries) {
        return EntryList.problemWith(entryType, entries);
    }
}
