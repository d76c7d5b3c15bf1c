package dev.exeat.identity;

import java.time.InstantSource;

/** A source of SVIDs. */
public final class ServerSvidSource implements SvidSource {
    private ServerSvidSource() {}

    /** @throws SvidUnavailableException if there is no SVID */
    public static ServerSvidSource open(ServerSvidOptions options, InstantSource clock) {
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
