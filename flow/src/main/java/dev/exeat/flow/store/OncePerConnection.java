package dev.exeat.flow.store;

import dev.exeat.flow.ConnectionRecord.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Passes on one record of each connection: that of its end as it comes, and at the end those of connections that are still
 * open. Beyond 20,000 that are open at once, records of the beginning are passed on too. Not thread-safe.
 */
final class OncePerConnection {
    private static final int MOST = 20_000;

    private final Map<String, StoredFlow> open = new LinkedHashMap<>();
    private final Consumer<StoredFlow> next;

    OncePerConnection(Consumer<StoredFlow> next) {
        this.next = next;
    }

    void add(StoredFlow stored) {
        String id = stored.flow().id();
        if (stored.flow().event() == Event.FINAL) {
            open.remove(id);
            next.accept(stored);
        } else if (open.size() < MOST) {
            open.put(id, stored);
        } else {
            next.accept(stored);
        }
    }

    /** Passes on what is open; nothing may come after. */
    void end() {
        open.values().forEach(next);
    }
}
