package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(ServerSvidSource.class);

    private final SvidClient client;
    private final SvidState state;
    private final Renewal renewal;
    private final TrustPoll poll;
    private final @Nullable KeptSvid kept;

    /** When to ask. */
    private record Pace(InstantSource clock, Duration trustEvery, Duration longestWait) {}

    private ServerSvidSource(ServerSvidOptions options, Pace pace, @Nullable KeptSvid kept) {
        this.client = new SvidClient(options, pace.clock());
        this.kept = kept;
        Content first = client.fetch();
        ServerTrustList list = new ServerTrustList(options, pace.clock());
        // Not to know what is revoked is no state to begin to serve in.
        Optional<ServerTrustList.Trust> trust = list.ask();
        this.state = new SvidState(trust.map(t -> new Content(first.svid(), t.bundle(), t.revocations()))
                .orElse(first));
        keep();
        this.poll = new TrustPoll(list, pace.trustEvery(), this::trust);
        this.renewal = new Renewal(state.content().svid(), this::renew, pace.clock(), pace.longestWait());
    }

    /** Begins with what was kept, and asks for another at once. */
    private ServerSvidSource(ServerSvidOptions options, Pace pace, KeptSvid kept, Content last) {
        this.client = new SvidClient(options, pace.clock());
        this.kept = kept;
        this.state = new SvidState(last);
        this.poll = new TrustPoll(new ServerTrustList(options, pace.clock()), pace.trustEvery(), this::trust);
        this.renewal = Renewal.due(last.svid(), this::renew, pace.clock(), pace.longestWait());
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
        Pace pace = new Pace(clock, trustEvery, Renewal.LONGEST_WAIT);
        return FirstAnswer.of(() -> new ServerSvidSource(options, pace, null), patience);
    }

    /**
     * As {@link #open}; where the server is away, what was kept of an earlier run suffices for a start while it is valid.
     * A server that refuses is not away.
     */
    public static ServerSvidSource keeping(
            ServerSvidOptions options, InstantSource clock, Duration trustEvery, Duration patience, KeptSvid kept) {
        Pace pace = new Pace(clock, trustEvery, Renewal.LONGEST_WAIT);
        Optional<Content> last = kept.read(clock);
        return last.isPresent()
                ? withOrWithout(options, pace, kept, last.get())
                : FirstAnswer.of(() -> new ServerSvidSource(options, pace, kept), patience);
    }

    private static ServerSvidSource withOrWithout(ServerSvidOptions options, Pace pace, KeptSvid kept, Content last) {
        try {
            return new ServerSvidSource(options, pace, kept);
        } catch (SvidUnavailableException e) {
            if (!e.isTransient()) {
                throw e;
            }
            LOG.atWarn()
                    .addKeyValue("problem", e.getMessage())
                    .addKeyValue("not_after", last.svid().notAfter())
                    .log("the server is away; beginning with the SVID and the revocations of the last run");
            return new ServerSvidSource(options, pace, kept, last);
        }
    }

    static ServerSvidSource checking(
            ServerSvidOptions options, InstantSource clock, Duration trustEvery, Duration longestWait) {
        return new ServerSvidSource(options, new Pace(clock, trustEvery, longestWait), null);
    }

    private void trust(ServerTrustList.Trust trust) {
        Content before = state.content();
        state.replaceTrust(trust.bundle(), trust.revocations());
        if (!state.content().equals(before)) {
            keep();
        }
    }

    private void keep() {
        if (kept != null) {
            kept.keep(state.content());
        }
    }

    private Svid renew() {
        Content next = client.fetch();
        state.replace(next.svid(), next.bundle());
        keep();
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
