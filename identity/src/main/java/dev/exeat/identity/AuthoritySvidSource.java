package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.time.InstantSource;

/** A source of SVIDs. */
public final class AuthoritySvidSource implements SvidSource {
    private AuthoritySvidSource() {}

    /** @throws SvidUnavailableException if there is no SVID */
    public static AuthoritySvidSource open(Authority authority, SpiffeId id, SanNames names, InstantSource clock) {
        return Unbuilt.value();
    }

    @Override
    public Svid svid() {
        return Unbuilt.value();
    }

    @Override
    public TrustBundle bundle() {
        return Unbuilt.value();
    }

    @Override
    public Revocations revocations() {
        return Unbuilt.value();
    }

    @Override
    public void onChange(Runnable listener) {
        Unbuilt.value();
    }

    @Override
    public void close() {
        Unbuilt.value();
    }
}
