package dev.exeat.proxy;

import dev.exeat.flow.LimitUse;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Limit;
import dev.exeat.model.SpiffeId;
import dev.exeat.proxy.limit.IdentityQuota;
import dev.exeat.proxy.limit.KeyedCounts;
import java.util.ArrayList;
import java.util.List;

/** How far a gateway's limits of connections are used, in all and by whom. Safe for any thread. */
public final class LimitsInUse {
    private final EgressLimits limits;
    private final OpenConnections<EgressConnection> connections;
    private final KeyedCounts<IpAddress> sources;
    private final IdentityQuota tunnels;
    private final IdentityQuota carriers;

    LimitsInUse(
            EgressLimits limits,
            OpenConnections<EgressConnection> connections,
            KeyedCounts<IpAddress> sources,
            IdentityQuota tunnels,
            IdentityQuota carriers) {
        this.limits = limits;
        this.connections = connections;
        this.sources = sources;
        this.tunnels = tunnels;
        this.carriers = carriers;
    }

    /** The highest use of each limit, whoever's it is. */
    public List<LimitUse> highest() {
        int identity = Math.max(tunnels.highest(), carriers.highest());
        return List.of(
                new LimitUse(Limit.CONNECTIONS, "", connections.count(), limits.connections()),
                new LimitUse(
                        Limit.CONNECTIONS_PER_SOURCE,
                        "",
                        sources.highest(),
                        limits.peers().connectionsPerSource()),
                new LimitUse(
                        Limit.CONNECTIONS_PER_IDENTITY,
                        "",
                        identity,
                        limits.peers().connectionsPerIdentity()));
    }

    /** Who uses most of each limit, the highest use first; at most so many of each. */
    public List<LimitUse> users(int most) {
        List<LimitUse> users = new ArrayList<>();
        users.add(new LimitUse(Limit.CONNECTIONS, "", connections.count(), limits.connections()));
        for (KeyedCounts.Count<IpAddress> source : sources.top(most)) {
            users.add(new LimitUse(
                    Limit.CONNECTIONS_PER_SOURCE,
                    source.key().toString(),
                    source.count(),
                    limits.peers().connectionsPerSource()));
        }
        for (KeyedCounts.Count<SpiffeId> identity : tunnels.top(most)) {
            users.add(new LimitUse(
                    Limit.CONNECTIONS_PER_IDENTITY,
                    identity.key().toString(),
                    identity.count(),
                    limits.peers().connectionsPerIdentity()));
        }
        return users;
    }
}
