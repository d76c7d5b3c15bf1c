package dev.exeat.cli.findings;

import dev.exeat.cli.seen.Baseline;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.store.MinuteSum;

/**
 * A client and where it went.
 *
 * @param identity empty for all clients without one, which nothing tells apart for certain
 */
record Pair(String identity, String host, int port) {
    static Pair of(Flow flow) {
        return new Pair(flow.who().identity(), flow.what().host(), flow.what().port());
    }

    static Pair of(MinuteSum.Group group) {
        return new Pair(group.identity(), group.host(), group.port());
    }

    /** All hosts beyond those that are told apart. */
    Pair folded() {
        return new Pair(identity, MinuteSum.OTHER, port);
    }

    String who() {
        return Baseline.name(Who.of(identity));
    }

    String what() {
        return Baseline.target(host, port);
    }
}
