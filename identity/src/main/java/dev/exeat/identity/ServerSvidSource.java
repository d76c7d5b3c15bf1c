package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The SVID that an Exeat API issues for a bearer token, renewed at two thirds of its life with a new key, and what that
 * API trusts and has revoked, asked for again and again. While the server is away the current ones stay in force and
 * the tries go on, with an alarm in the log; the SVID then ends by itself, and with it all that this process serves.
 */
public final class ServerSvidSource implements SvidSource {
    /** How often a gateway asks for revocations; they are to be in force within five seconds. */
    public static final Duration OFTEN = Duration.ofSeconds(2);
    /** How often a workload proxy asks, which only judges gateways; there may be thousands of them. */
    public static final Duration SELDOM = Duration.ofSeconds(30);

    /** How long a role waits for its first SVID where the server is away or slow, as after a power failure. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private final SvidClient client;
    private final SvidState state;
    private final Renewal renewal;
    private final TrustPoll poll;

    private ServerSvidSource(
            ServerSvidOptions options, InstantSource clock, Duration trustEvery, Duration longestWait) {
        this.client = new SvidClient(options, clock);
        Content first = client.fetch();
        ServerTrustList list = new ServerTrustList(options, clock);
        // Not to know what is revoked is no state to begin to serve in.
        Optional<ServerTrustList.Trust> trust = list.ask();
        this.state = new SvidState(trust.map(t -> new Content(first.svid(), t.bundle(), t.revocations()))
                .orElse(first));
        this.poll = new TrustPoll(list, trustEvery, t -> state.replaceTrust(t.bundle(), t.revocations()));
        this.renewal = new Renewal(state.content().svid(), this::renew, clock, longestWait);
    }

    /**
     * Gets the first SVID and the revocations; each try takes at most a minute.
     *
     * @param trustEvery how often to ask for the bundle and the revocations
     * @param patience how long to try again where that may help, with a line in the log each time; zero for one try
     * @throws SvidUnavailableException if it cannot; {@link SvidUnavailableException#isTransient()} says whether
     *     another try may help
     */
    public static ServerSvidSource open(
            ServerSvidOptions options, InstantSource clock, Duration trustEvery, Duration patience) {
        return FirstAnswer.of(() -> new ServerSvidSource(options, clock, trustEvery, Renewal.LONGEST_WAIT), patience);
    }

    static ServerSvidSource checking(
            ServerSvidOptions options, InstantSource clock, Duration trustEvery, Duration longestWait) {
        return new ServerSvidSource(options, clock, trustEvery, longestWait);
    }

    private Svid renew() {
        Content next = client.fetch();
        state.replace(next.svid(), next.bundle());
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
        poll.close();
        renewal.close();
    }
}
