package dev.exeat.policy;

/** How a {@code listchecker} compares; the order is that of the numbers in Mixer's API. */
public enum EntryType {
    STRINGS,
    CASE_INSENSITIVE_STRINGS,
    /** Addresses and blocks of addresses. */
    IP_ADDRESSES,
    /** Expressions of RE2, unanchored. */
    REGEX
}
