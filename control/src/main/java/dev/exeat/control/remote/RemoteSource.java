package dev.exeat.control.remote;

import dev.exeat.control.ResourceSet;
import dev.exeat.control.ResourceSource;
import dev.exeat.identity.ServerSvidOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of an {@code exeat up} elsewhere: read whole, then followed change by change. While the server is away the
 * last good ones stay, also through a restart, as they are kept on disk; without any a gateway does not begin. Objects
 * that were read anew come in force as a whole, and never where they are none at all: a server that lost its store is no
 * reason to forget what was forbidden. Thread-safe.
 */
public final class RemoteSource implements ResourceSource {
    /** How long a gateway waits for its first objects where the server is away and none are kept. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(RemoteSource.class);
    /** How long a start waits for news before it begins with what is kept. */
    private static final Duration COURTESY = Duration.ofSeconds(5);

    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final ServerSvidOptions server;
    private final FeedClient client;
    private final InstantSource clock;
    private final ObjectKeeper keeper;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final Retry retry = new Retry();
    private final Thread following;
    private final Thread watchdog;

    private @Nullable ObjectSet inForce;
    private @Nullable ObjectSet coming;
    private ResourceSet latest = ResourceSet.EMPTY;
    private boolean stale;
    private boolean kept;
    private Instant confirmed = Instant.EPOCH;
    private String problem = "not connected yet";
    /** Whether all of what is coming is there. */
    private boolean whole;

    private boolean readAnew;
    private volatile FeedClient.@Nullable Open connection;
    private volatile boolean closed;

    private RemoteSource(ServerSvidOptions server, Path dataDir, InstantSource clock) {
        this.server = server;
        this.client = new FeedClient(server, clock);
        this.clock = clock;
        KeptObjects file = new KeptObjects(dataDir);
        file.read().ifPresent(this::begin);
        this.keeper = new ObjectKeeper(file, this::content);
        this.following = Thread.ofVirtual().name("object-feed").unstarted(this::run);
        this.watchdog = Thread.ofVirtual().name("object-feed-watchdog").unstarted(this::watch);
    }

    private void begin(KeptObjects.Kept found) {
        inForce = found.objects();
        confirmed = found.at();
        kept = true;
        stale = true;
    }

    /**
     * Follows the server; returns once there are objects.
     *
     * @param dataDir where they are kept
     * @throws FeedException if none are to be had in time, or the server refuses and none are kept
     */
    public static RemoteSource open(ServerSvidOptions server, Path dataDir, InstantSource clock) {
        return open(server, dataDir, clock, PATIENCE);
    }

    static RemoteSource open(ServerSvidOptions server, Path dataDir, InstantSource clock, Duration patience) {
        RemoteSource source = new RemoteSource(server, dataDir, clock);
        source.following.start();
        source.watchdog.start();
        try {
            source.awaitFirst(patience);
            return source;
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private void awaitFirst(Duration patience) {
        boolean any = state().kept();
        Duration wait = any && COURTESY.compareTo(patience) < 0 ? COURTESY : patience;
        try {
            first.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (TimeoutException e) {
            if (!any) {
                throw new FeedException(FeedException.Kind.AWAY, "no objects in time: " + state().problem(), null);
            }
        } catch (ExecutionException e) {
            if (!any && e.getCause() instanceof FeedException refused) {
                throw refused;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FeedException(FeedException.Kind.AWAY, "interrupted while waiting for the first objects", e);
        }
        LOG.atWarn()
                .addKeyValue("server", server.server())
                .addKeyValue("confirmed", state().confirmed())
                .addKeyValue(
                        "seconds",
                        Duration.between(state().confirmed(), clock.instant()).toSeconds())
                .log("the server is away; beginning with the objects that were kept");
    }

    private void run() {
        try {
            while (!closed) {
                try {
                    follow();
                    retry.succeeded();
                } catch (FeedException e) {
                    failed(e);
                } catch (IOException e) {
                    failed(new FeedException(
                            FeedException.Kind.AWAY, "the server's feed was cut: " + e.getMessage(), e));
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("following the server failed by a fault; trying again");
                }
                retry.pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until the stream ends. */
    private void follow() throws IOException, InterruptedException {
        long since = -1;
        String history = "";
        synchronized (this) {
            ObjectSet now = inForce;
            if (now != null && !readAnew) {
                since = now.version();
                history = now.history();
            }
            coming = null;
            whole = false;
        }
        try (FeedClient.Open open = client.open(since, history)) {
            connection = open;
            if (since < 0) {
                synchronized (this) {
                    coming = new ObjectSet(open.history(), 0);
                }
            }
            for (FeedEvent event = open.next(); event != null && !closed; event = open.next()) {
                take(event);
            }
        } finally {
            connection = null;
        }
    }

    private void take(FeedEvent event) {
        boolean news;
        synchronized (this) {
            news = coming == null ? takeChange(event) : takeInitial(coming, event);
        }
        if (news) {
            keeper.changed();
            listeners.forEach(Runnable::run);
        }
    }

    private boolean takeChange(FeedEvent event) {
        ObjectSet now = inForce;
        if (now == null) {
            throw new IllegalStateException("changes follow objects");
        }
        long before = now.version();
        apply(now, event);
        confirm();
        return now.version() != before;
    }

    private static void apply(ObjectSet set, FeedEvent event) {
        switch (event) {
            case FeedEvent.Put(var object) -> {
                set.put(object);
                set.reached(Math.max(set.version(), object.version()));
            }
            case FeedEvent.Gone(var key, var version) -> {
                set.remove(key);
                set.reached(Math.max(set.version(), version));
            }
            case FeedEvent.Bookmark(var version, var _) -> set.reached(Math.max(set.version(), version));
        }
    }

    /** Objects that come anew count when they are all there. */
    private boolean takeInitial(ObjectSet set, FeedEvent event) {
        apply(set, event);
        if (event instanceof FeedEvent.Bookmark(var _, var initialEnd) && initialEnd) {
            whole = true;
        }
        if (!whole) {
            return false;
        }
        ObjectSet before = inForce;
        if (before != null && !before.isEmpty() && set.isEmpty()) {
            refuseEmpty();
            return false;
        }
        if (before != null) {
            set.keepEqualOf(before);
        }
        inForce = set;
        coming = null;
        readAnew = false;
        confirm();
        return true;
    }

    private void refuseEmpty() {
        String text = "the server has no objects; the last good ones stay in force until it has any";
        if (!problem.equals(text)) {
            problem = text;
            LOG.atError().addKeyValue("server", server.server()).log("ALARM: {}", text);
        }
    }

    private void confirm() {
        if (!problem.isEmpty()) {
            LOG.atInfo().addKeyValue("server", server.server()).log("following the server's objects");
        }
        problem = "";
        kept = false;
        stale = true;
        confirmed = clock.instant();
        retry.succeeded();
        first.complete(null);
    }

    private void failed(FeedException e) {
        String text = String.valueOf(e.getMessage());
        synchronized (this) {
            if (e.kind() == FeedException.Kind.EXPIRED) {
                readAnew = true;
                LOG.atInfo().addKeyValue("reason", text).log("reading the server's objects anew");
                retry.succeeded();
                return;
            }
            if (problem.isEmpty() || !problem.equals(text)) {
                (e.kind() == FeedException.Kind.REFUSED ? LOG.atError() : LOG.atWarn())
                        .addKeyValue("problem", text)
                        .log(
                                inForce == null
                                        ? "no objects yet, and so not ready; asking again"
                                        : "the last good objects stay in force");
            }
            problem = text;
        }
        if (e.kind() == FeedException.Kind.REFUSED || state().kept()) {
            first.completeExceptionally(e);
        }
    }

    /** Ends a connection that has said nothing for longer than the server ever is silent. */
    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(Duration.ofSeconds(1));
                FeedClient.Open open = connection;
                if (open != null && open.silence().compareTo(SILENCE) > 0) {
                    LOG.atWarn().addKeyValue("server", server.server()).log("the server is silent; connecting anew");
                    open.close();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized KeptObjects.Content content() {
        ObjectSet now = inForce;
        if (now == null) {
            throw new IllegalStateException("nothing is kept before there are objects");
        }
        return KeptObjects.Content.of(now, confirmed);
    }

    public synchronized RemoteState state() {
        ObjectSet now = inForce;
        return new RemoteState(
                server.server(),
                connection != null && problem.isEmpty(),
                confirmed,
                now == null ? 0 : now.version(),
                kept,
                problem);
    }

    @Override
    public synchronized ResourceSet current() {
        if (stale && inForce != null) {
            latest = inForce.resources();
            stale = false;
        }
        return latest;
    }

    /** Does nothing: what changes is told at once. */
    @Override
    public void refresh() {}

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void close() {
        closed = true;
        following.interrupt();
        watchdog.interrupt();
        FeedClient.Open open = connection;
        if (open != null) {
            open.close();
        }
        keeper.close();
    }
}
