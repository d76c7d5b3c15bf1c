package dev.exeat.control.access;

import org.jspecify.annotations.Nullable;

/**
 * A write that was asked for.
 *
 * @param caller null if nobody knows
 * @param version of the API
 * @param source the address that it came from
 * @param agent what the client calls itself
 * @param dryRun whether nothing was to be kept
 */
public record AuditEntry(
        @Nullable Caller caller, Attributes asked, String version, String source, String agent, boolean dryRun) {}
