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

    /** Those chosen, the oldest first; one that ends meanwhile is left out. Waits for the loops, at most 5 s. */
    public List<LiveConnection> list(ConnectionChoice choice) {
        return seen(choice).stream()
                .map(Seen::live)
                .sorted(Comparator.comparing(LiveConnection::started))
                .toList();
    }

    /**
     * Ends those chosen. By ids alone it waits for nobody, so that it helps also where a loop is much too busy.
     *
     * @return the ids of those that were open
     */
    public List<String> kill(ConnectionChoice choice) {
        List<EgressConnection> chosen = choice.isOfIdsAlone()
                ? candidates(choice)
                : seen(choice).stream().map(Seen::connection).toList();
        chosen.forEach(connection -> connection.cut(CutCause.KILLED));
        return chosen.stream().map(EgressConnection::id).toList();
    }

    private record Asked(EgressConnection connection, CompletableFuture<Optional<LiveConnection>> answer) {}

    private record Seen(EgressConnection connection, LiveConnection live) {}

    private List<EgressConnection> candidates(ConnectionChoice choice) {
        return open.all().stream()
                .filter(connection -> choice.admits(connection.id()))
                .toList();
    }

    private List<Seen> seen(ConnectionChoice choice) {
        List<Asked> asked = candidates(choice).stream()
                .map(connection -> new Asked(connection, connection.describe()))
                .toList();
        List<Seen> seen = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Asked one : asked) {
            try {
                one.answer()
                        .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                        .filter(choice::admits)
                        .ifPresent(live -> seen.add(new Seen(one.connection(), live)));
            } catch (TimeoutException | ExecutionException e) {
                // Its loop is closed or much too busy; the others are still worth telling.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return seen;
    }
}
