package dev.exeat.flow.query;

import dev.exeat.flow.ConnectionRecord.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Passes on one record of each connection: that of its end as it comes, and at the end those of connections that are still
 * open. A store has one record of each; a file may have that of the beginning and that of the end. Beyond 20,000 that are
 * open at once, a file's records of the beginning are passed on too. Not thread-safe.
 */
public final class OncePerConnection {
    private static final int MOST = 20_000;

    private final Map<String, Flow> open = new LinkedHashMap<>();
    private final Consumer<Flow> next;

    public OncePerConnection(Consumer<Flow> next) {
        this.next = next;
    }

    public void add(Flow flow) {
        if (flow.event() == Event.FINAL) {
            open.remove(flow.id());
            next.accept(flow);
        } else if (open.size() < MOST) {
            open.put(flow.id(), flow);
        } else {
            next.accept(flow);
        }
    }

    /** Passes on what is open; nothing may come after. */
    public void end() {
        open.values().forEach(next);
    }
}
