package dev.exeat.policy;

import dev.exeat.model.Attempt;

/** The verdict about one attempt. */
public sealed interface Decision permits Permit, Denial {
    Attempt attempt();

    /** The digest of the snapshot that decided. */
    String digest();
}
