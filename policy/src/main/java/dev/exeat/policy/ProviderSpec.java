package dev.exeat.policy;

import java.time.Duration;

/**
 * A list that some handler wants to have fetched.
 *
 * @param refreshInterval how often to ask, at least one second
 * @param ttl how long entries may be used without a successful fetch; at least the interval
 */
public record ProviderSpec(String url, Duration refreshInterval, Duration ttl, EntryType entryType) {}
