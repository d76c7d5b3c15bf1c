package dev.exeat.policy.diff;

import dev.exeat.model.IpAddress;
import dev.exeat.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param identity null for one without an identity
 */
public record Client(@Nullable SpiffeId identity, IpAddress address) {
    /** As people tell it apart from others. */
    @Override
    public String toString() {
        return identity == null ? "(no identity) " + address : identity.toString();
    }
}
