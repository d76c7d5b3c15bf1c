package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import dev.exeat.model.SpiffeId;
import java.time.Duration;
import java.time.InstantSource;

/** The SVID of a process that has the authority inside; renewed at two thirds of its life. */
public final class AuthoritySvidSource implements SvidSource {
    private final Authority authority;
    private final SpiffeId id;
    private final SanNames names;
    private final SvidState state;
    private final Renewal renewal;

    private AuthoritySvidSource(
            Authority authority, SpiffeId id, SanNames names, InstantSource clock, Duration longestWait) {
        this.authority = authority;
        this.id = id;
        this.names = names;
        this.state = new SvidState(obtain());
        authority.onRevocation(this::takeRevocations);
        this.renewal = new Renewal(state.content().svid(), this::renew, clock, longestWait);
    }

    /**
     * Issues the first SVID.
     *
     * @param names what the certificate carries beside the ID; empty for all but gateways
     * @throws IdentityStoreException if the ledger cannot be written
     */
    public static AuthoritySvidSource open(Authority authority, SpiffeId id, SanNames names, InstantSource clock) {
        return new AuthoritySvidSource(authority, id, names, clock, Renewal.LONGEST_WAIT);
    }

    static AuthoritySvidSource open(
            Authority authority, SpiffeId id, SanNames names, InstantSource clock, Duration longestWait) {
        return new AuthoritySvidSource(authority, id, names, clock, longestWait);
    }

    private Content obtain() {
        return new Content(authority.issueLocal(id, names), authority.bundle(), authority.revocations());
    }

    private Svid renew() {
        Content next = obtain();
        state.replace(next);
        return next.svid();
    }

    private void takeRevocations() {
        state.replaceRevocations(authority.revocations());
    }

    @Override
    public Svid svid() {
        return state.content().svid();
    }

    @Override
    public TrustBundle bundle() {
        return state.content().bundle();
    }

    @Override
    public Revocations revocations() {
        return state.content().revocations();
    }

    @Override
    public void onChange(Runnable listener) {
        state.onChange(listener);
    }

    @Override
    public void close() {
        renewal.close();
    }
}
