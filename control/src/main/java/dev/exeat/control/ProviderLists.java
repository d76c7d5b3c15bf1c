package dev.exeat.control;

import dev.exeat.policy.ListContent;
import dev.exeat.policy.ListProviders;
import dev.exeat.policy.ProviderSpec;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the lists that {@code listchecker} handlers take from a URL, as Mixer does: at once when a handler appears,
 * then at each refresh interval. Only status 200 counts, redirects are not followed, a body has at most 1 MiB and
 * arrives within 5 s. When fetching fails, the last good list stays until its {@code ttl} has passed. Each list has
 * a virtual thread. Thread-safe.
 */
public final class ProviderLists implements ListProviders, AutoCloseable {
    private static final int MAX_LISTS = 1000;

    private final ListFetcher fetcher;
    private final InstantSource clock;
    private final Map<ProviderSpec, FetchedList> lists = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final HttpClientHolder client;
    private boolean closed;

    /** Made when the first list is wanted: most configurations have none, and the client costs start time. */
    private static final class HttpClientHolder {
        private @Nullable HttpClient client;

        synchronized HttpClient client() {
            if (client == null) {
                client = HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
            }
            return client;
        }

        synchronized void close() {
            if (client != null) {
                client.shutdownNow();
            }
        }
    }

    public ProviderLists(InstantSource clock) {
        this.clock = clock;
        this.client = new HttpClientHolder();
        this.fetcher = new ListFetcher(client::client);
    }

    @Override
    public synchronized @Nullable ListContent current(ProviderSpec spec) {
        FetchedList list = lists.get(spec);
        return list == null ? null : list.content();
    }

    /** Fetches these lists from now on, and no others. */
    public synchronized void want(Set<ProviderSpec> wanted) {
        lists.entrySet().removeIf(entry -> {
            boolean dropped = !wanted.contains(entry.getKey());
            if (dropped) {
                entry.getValue().close();
            }
            return dropped;
        });
        for (ProviderSpec spec : wanted) {
            if (!closed && !lists.containsKey(spec) && lists.size() < MAX_LISTS) {
                lists.put(spec, FetchedList.start(spec, fetcher, clock, this::changed));
            }
        }
    }

    /** Calls the listener after a list's content, or the failure to fetch it, has changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized void close() {
        closed = true;
        lists.values().forEach(FetchedList::close);
        lists.clear();
        client.close();
    }
}
