package dev.exeat.policy.index;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.SpiffeId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Entries by whom and which hosts they are about: by identity, by namespace or for anyone, and within each by host. The
 * time of a look-up grows with the labels of the host name and with what is found, not with the number of entries.
 * Immutable and thread-safe once built.
 */
public final class AttemptIndex<T> {
    private final Map<SpiffeId, HostIndex<T>> byIdentity;
    private final Map<String, HostIndex<T>> byNamespace;
    private final HostIndex<T> ofAnyone;

    private AttemptIndex(Builder<T> builder) {
        this.byIdentity = builder.byIdentity;
        this.byNamespace = builder.byNamespace;
        this.ofAnyone = builder.ofAnyone;
    }

    /**
     * Hands over what may concern the attempt, in no order; an entry under several of its keys comes several times.
     * What is handed over need not match, what is not does not.
     */
    public void candidates(Attempt attempt, Consumer<? super T> consumer) {
        String host = attempt.target().host().value();
        ofAnyone.candidates(host, consumer);
        SpiffeId source = attempt.source();
        if (source == null) {
            return;
        }
        candidates(byIdentity.get(source), host, consumer);
        if (!byNamespace.isEmpty()) {
            String namespace = source.namespace();
            candidates(namespace == null ? null : byNamespace.get(namespace), host, consumer);
        }
    }

    private static <T> void candidates(@Nullable HostIndex<T> index, String host, Consumer<? super T> consumer) {
        if (index != null) {
            index.candidates(host, consumer);
        }
    }

    /** Collects entries. Not thread-safe; of no use once it has built. */
    public static final class Builder<T> {
        private final Map<SpiffeId, HostIndex<T>> byIdentity = new HashMap<>();
        private final Map<String, HostIndex<T>> byNamespace = new HashMap<>();
        private final HostIndex<T> ofAnyone = new HostIndex<>();

        /** @param hosts of which one must cover the host; {@code *} for any */
        public Builder<T> add(Subjects subjects, Collection<HostPattern> hosts, T entry) {
            switch (subjects) {
                case Subjects.Anyone _ -> ofAnyone.add(hosts, entry);
                case Subjects.Identities(var ids) ->
                    ids.forEach(id -> byIdentity
                            .computeIfAbsent(id, _ -> new HostIndex<>())
                            .add(hosts, entry));
                case Subjects.Namespaces(var names) ->
                    names.forEach(name -> byNamespace
                            .computeIfAbsent(name, _ -> new HostIndex<>())
                            .add(hosts, entry));
            }
            return this;
        }

        public AttemptIndex<T> build() {
            return new AttemptIndex<>(this);
        }
    }
}
