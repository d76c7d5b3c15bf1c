package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The embedded certificate authority. */
public final class Authority implements AutoCloseable {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);

    private Authority() {}

    public static Authority open(Path dataDir, String trustDomain, Duration svidLifetime, InstantSource clock) {
        return Unbuilt.value();
    }

    public String trustDomain() {
        return Unbuilt.value();
    }

    public TrustBundle bundle() {
        return Unbuilt.value();
    }

    public Revocations revocations() {
        return Unbuilt.value();
    }

    /** Calls the listener after the revocations have changed. */
    public void onRevocation(Runnable listener) {
        Unbuilt.value();
    }

    public IssuedSvid issue(byte[] csrDer, SpiffeId id, SanNames names) {
        return Unbuilt.value();
    }

    public Svid issueLocal(SpiffeId id, SanNames names) {
        return Unbuilt.value();
    }

    @Override
    public void close() {}
}
