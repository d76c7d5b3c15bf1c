package dev.exeat.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A look at the open connections of a gateway from outside their loops. Safe for any thread but a loop's own. */
public final class LiveConnections {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final OpenConnections<EgressConnection> open;

    LiveConnections(OpenConnections<EgressConnection> open) {
        this.open = open;
    }

    /** All that are open, the oldest first; one that ends meanwhile is left out. Waits for the loops, at most 5 s. */
    public List<LiveConnection> list() {
        List<CompletableFuture<Optional<LiveConnection>>> asked =
                open.all().stream().map(EgressConnection::describe).toList();
        List<LiveConnection> live = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (CompletableFuture<Optional<LiveConnection>> answer : asked) {
            try {
                answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                        .ifPresent(live::add);
            } catch (TimeoutException | ExecutionException e) {
                // Its loop is closed or much too busy; the others are still worth telling.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        live.sort(Comparator.comparing(LiveConnection::started));
        return live;
    }

    /** Ends the connection with this id; false where none is open. */
    public boolean kill(String id) {
        boolean found = false;
        for (EgressConnection connection : open.all()) {
            if (connection.id().equals(id)) {
                connection.cut(CutCause.KILLED);
                found = true;
            }
        }
        return found;
    }
}
