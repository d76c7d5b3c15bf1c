package dev.exeat.cli.role;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A long-running part of Exeat. {@link RoleRunner} calls {@link #claim} and {@link #start} first and once, then {@link #reload} any
 * number of times, then {@link #stop} once; never two of them at a time.
 */
public interface Role {

    /**
     * Takes what only one process may have, such as a data directory, and nothing else. What stands in that directory
     * is another process's until this returns.
     *
     * @throws RuntimeException written for the operator, if another process has it
     */
    default void claim() {}

    /**
     * Takes hold of everything the role needs, binds its listeners and serves. Returns once it is ready.
     *
     * @param onFault told at most once if the role can serve no longer; any thread may call it
     * @return the bound addresses under the names of their flags ({@code tunnel}, {@code plain}, {@code api},
     *     {@code admin}, {@code listen}), in the order to print them
     * @throws RuntimeException written for the operator, if the role cannot start; whatever was taken is released
     */
    Map<String, InetSocketAddress> start(Consumer<Throwable> onFault);

    /** Tells whom to call, on any thread, once another process serves in this one's place; called before {@link #start}. */
    default void onHandedOver(Runnable listener) {}

    /** Reads again what was read at the start: manifests, keys, bundles, tokens. Failures are logged. */
    void reload();

    /**
     * Takes no new connections, lets the open ones end for as long as the limit allows, then ends them, and
     * releases everything. Interrupting the caller cuts the waiting short.
     */
    void stop(Duration drain);
}
