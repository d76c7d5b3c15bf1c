package dev.exeat.proxy;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.net.EventLoop;
import dev.exeat.net.TcpStream;
import dev.exeat.policy.Permit;
import dev.exeat.proxy.dial.AddressGuard;
import dev.exeat.proxy.dial.Cancel;
import dev.exeat.proxy.dial.ConnectTo;
import dev.exeat.proxy.dial.DialResult;
import dev.exeat.proxy.dial.GuardVerdict;
import dev.exeat.proxy.dial.HappyEyeballs;
import dev.exeat.proxy.dns.Resolution;
import dev.exeat.proxy.dns.Resolver;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * From a permit to an upstream: resolves the name with the gateway's own resolver, judges every address, and dials
 * exactly those that passed. Safe for any thread; answers come on the loop that asked.
 */
public final class Upstreams {

    /** What became of the name. */
    sealed interface Outcome {
        /** All addresses that the name has. */
        List<IpAddress> resolved();

        /** Those that may not be dialled, each with its class. */
        List<String> dropped();

        /** The names that CNAME records led to. */
        List<String> cnames();
    }

    /**
     * @param addresses those that may be dialled, in the order of trying
     */
    record Vetted(
            List<InetSocketAddress> addresses, List<IpAddress> resolved, List<String> dropped, List<String> cnames)
            implements Outcome {}

    record Unreachable(
            Reason reason, String detail, List<IpAddress> resolved, List<String> dropped, List<String> cnames)
            implements Outcome {}

    private final Resolver resolver;
    private final AddressGuard guard;
    private final ConnectTo connectTo;

    public Upstreams(Resolver resolver, AddressGuard guard, ConnectTo connectTo) {
        this.resolver = resolver;
        this.guard = guard;
        this.connectTo = connectTo;
    }

    /** Resolves and vets the permitted name; a permit is the only way in. */
    void resolve(Permit permit, EventLoop loop, Consumer<Outcome> done) {
        HostPort target = permit.upstream();
        switch (connectTo.target(target.host(), target.port())) {
            case ConnectTo.Target.Address(IpAddress address, int port) ->
                done.accept(vet(permit, List.of(address), List.of(), port));
            case ConnectTo.Target.Name(ServerName name, int port) -> {
                // What is known needs no other thread.
                Resolution.Resolved known = resolver.cached(name);
                if (known != null) {
                    done.accept(outcome(permit, known, port));
                } else {
                    resolver.resolve(name, resolution -> {
                        Outcome outcome = outcome(permit, resolution, port);
                        loop.execute(() -> done.accept(outcome));
                    });
                }
            }
        }
    }

    private Outcome outcome(Permit permit, Resolution resolution, int port) {
        return switch (resolution) {
            case Resolution.Failed(Reason reason, String detail) ->
                new Unreachable(reason, detail, List.of(), List.of(), List.of());
            case Resolution.Resolved resolved -> vet(permit, resolved.addresses(), resolved.cnames(), port);
        };
    }

    private Outcome vet(Permit permit, List<IpAddress> addresses, List<String> cnames, int port) {
        ServerName host = permit.upstream().host();
        // What is granted goes with the name that was asked for, not with one that a route leads to.
        List<Cidr> granted = host.equals(permit.attempt().target().host()) ? permit.exceptions() : List.of();
        List<InetSocketAddress> allowed = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        Reason reason = Reason.ADDRESS_FORBIDDEN;
        for (IpAddress address : addresses) {
            switch (guard.judge(host, address, port, granted)) {
                case GuardVerdict.Allowed _ -> allowed.add(new InetSocketAddress(address.toInetAddress(), port));
                case GuardVerdict.Forbidden forbidden -> {
                    dropped.add(address + " " + forbidden.addressClass());
                    if (forbidden.reason() == Reason.SELF_CONNECTION) {
                        reason = Reason.SELF_CONNECTION;
                    }
                }
            }
        }
        if (allowed.isEmpty()) {
            return new Unreachable(
                    reason, host + " resolves only to forbidden addresses: " + dropped, addresses, dropped, cnames);
        }
        return new Vetted(allowed, addresses, List.copyOf(dropped), cnames);
    }

    /** Dials the vetted addresses; the first that answers wins. */
    Cancel dial(Vetted vetted, EventLoop loop, Consumer<DialResult<TcpStream>> done) {
        return HappyEyeballs.on(loop, HappyEyeballs.DEADLINE).dial(vetted.addresses(), done);
    }
}
