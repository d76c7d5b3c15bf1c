package dev.exeat.proxy;

import dev.exeat.model.HostPattern;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.SpiffeId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the open connections are meant; what is null or empty admits all. Immutable.
 *
 * @param ids as records and {@link LiveConnection}s show them
 * @param identity a SPIFFE ID, or {@code namespace/service-account} of any trust domain
 * @param host admits none whose target is not decided yet
 * @param rule an object as {@code kind/namespace/name}, with or without the index of a rule in it
 */
public record ConnectionChoice(
        Set<String> ids,
        @Nullable String identity,
        @Nullable HostPattern host,
        @Nullable String rule) {
    /** All that are open. */
    public static final ConnectionChoice ALL = new ConnectionChoice(Set.of(), null, null, null);

    public ConnectionChoice {
        ids = Set.copyOf(ids);
    }

    boolean admits(String id) {
        return ids.isEmpty() || ids.contains(id);
    }

    /** Whether the ids alone decide, so that nobody needs to look at a connection. */
    boolean isOfIdsAlone() {
        return identity == null && host == null && rule == null;
    }

    boolean admits(LiveConnection connection) {
        return admits(connection.arrival().id())
                && (identity == null || isIdentity(connection.arrival().identity(), identity))
                && (host == null
                        || (connection.target() != null
                                && host.matches(connection.target().host())))
                && (rule == null || isRule(connection.rule(), rule));
    }

    private static boolean isIdentity(@Nullable SpiffeId id, String wanted) {
        if (id == null) {
            return false;
        }
        if (wanted.startsWith(SpiffeId.SCHEME)) {
            return id.toString().equals(wanted);
        }
        int slash = wanted.indexOf('/');
        return slash > 0 && id.path().equals("ns/" + wanted.substring(0, slash) + "/sa/" + wanted.substring(slash + 1));
    }

    private static boolean isRule(@Nullable PolicyRef reference, String wanted) {
        return reference != null
                && (reference.toString().equals(wanted)
                        || reference.object().toString().equals(wanted));
    }
}
