package dev.exeat.policy;

import org.jspecify.annotations.Nullable;

/**
 * The contents of the lists that {@code listchecker} handlers take from a URL. Asked while compiling, never while
 * deciding: a snapshot is compiled anew when a list changes. Must not block.
 */
@FunctionalInterface
public interface ListProviders {
    /** Knows no list, so that every check against one is denied. */
    ListProviders NONE = spec -> null;

    /** What was fetched last, or null where nothing has been loaded yet. */
    @Nullable
    ListContent current(ProviderSpec spec);
}
