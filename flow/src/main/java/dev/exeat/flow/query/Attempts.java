package dev.exeat.flow.query;

import dev.exeat.flow.TlsVersions;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The attempts that were judged, from what is recorded of them. Names come again and again, and are read once. Not
 * thread-safe.
 */
public final class Attempts {
    private static final int MOST_KNOWN = 100_000;

    private final Map<String, SpiffeId> identities = new HashMap<>();
    private final Map<String, ServerName> names = new HashMap<>();
    private final Map<String, IpAddress> addresses = new HashMap<>();
    private final Map<List<String>, List<Integer>> versions = new HashMap<>();

    /** The attempt, or null where none was judged, or the record does not hold what it takes to judge it again. */
    public @Nullable Attempt of(Flow flow) {
        if (flow.digest().isEmpty()) {
            return null;
        }
        try {
            String identity = flow.who().identity();
            ServerName name = known(names, flow.what().host(), ServerName::new);
            return new Attempt(
                    flow.id(),
                    flow.time(),
                    listener(flow.listener()),
                    identity.isEmpty() ? null : known(identities, identity, SpiffeId::parse),
                    known(addresses, flow.who().address(), IpAddress::parse),
                    new HostPort(name, flow.what().port()),
                    flow.what().hasSni() ? hello(flow, name) : null);
        } catch (InvalidNameException | IllegalArgumentException e) {
            return null;
        }
    }

    private HelloFacts hello(Flow flow, ServerName name) {
        List<Integer> offered = known(
                versions,
                flow.hello().versions(),
                texts -> texts.stream().map(TlsVersions::wire).toList());
        return new HelloFacts(
                name,
                flow.what().sniRaw(),
                offered,
                flow.hello().alpn(),
                flow.hello().ech(),
                flow.hello().postQuantum(),
                flow.hello().size());
    }

    private static ListenerKind listener(String code) {
        for (ListenerKind kind : ListenerKind.values()) {
            if (kind.code().equals(code)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no listener " + code);
    }

    private static <K, V> V known(Map<K, V> known, K key, Function<K, V> read) {
        V value = known.get(key);
        if (value == null) {
            value = read.apply(key);
            if (known.size() < MOST_KNOWN) {
                known.put(key, value);
            }
        }
        return value;
    }
}
