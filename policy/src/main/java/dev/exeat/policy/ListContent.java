package dev.exeat.policy;

import java.time.Instant;
import java.util.List;

/**
 * The entries of a fetched list.
 *
 * @param entries for {@link EntryType#IP_ADDRESSES} the items of the document's {@code whitelist} key, otherwise the
 *     lines of the body without their line feed; empty lines count for nothing
 * @param fetchedAt when the entries were last fetched or found unchanged
 * @param failed whether the last attempt failed since then
 */
public record ListContent(List<String> entries, Instant fetchedAt, boolean failed) {
    public ListContent {
        entries = List.copyOf(entries);
    }
}
