package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The SVID that an Exeat API issues for a bearer token; renewed at two thirds of its life with a new key. While the
 * server is away the current one stays in force and the tries go on, with an alarm in the log from 80 % of the life on.
 */
public final class ServerSvidSource implements SvidSource {
    private final SvidClient client;
    private final SvidState state;
    private final Renewal renewal;

    private ServerSvidSource(ServerSvidOptions options, InstantSource clock, Duration longestWait) {
        this.client = new SvidClient(options, clock);
        this.state = new SvidState(client.fetch());
        this.renewal = new Renewal(state.content().svid(), this::renew, clock, longestWait);
    }

    /**
     * Gets the first SVID, within half a minute.
     *
     * @throws SvidUnavailableException if it cannot; {@link SvidUnavailableException#isTransient()} says whether
     *     another try may help
     */
    public static ServerSvidSource open(ServerSvidOptions options, InstantSource clock) {
        return new ServerSvidSource(options, clock, Renewal.LONGEST_WAIT);
    }

    static ServerSvidSource open(ServerSvidOptions options, InstantSource clock, Duration longestWait) {
        return new ServerSvidSource(options, clock, longestWait);
    }

    private Svid renew() {
        Content next = client.fetch();
        state.replace(next);
        return next.svid();
    }

    @Override
    public Svid svid() {
        return state.content().svid();
    }

    @Override
    public TrustBundle bundle() {
        return state.content().bundle();
    }

    /** None: the API hands out no list of revocations. */
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
