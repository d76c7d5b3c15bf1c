package dev.exeat.policy.index;

import dev.exeat.model.SpiffeId;
import java.util.Set;

/** Whom an entry may concern, as far as an index can tell; what is found is still to be tested. */
public sealed interface Subjects {
    Subjects ANYONE = new Anyone();

    /** Everybody, with an identity or without. */
    record Anyone() implements Subjects {}

    record Identities(Set<SpiffeId> ids) implements Subjects {
        public Identities {
            ids = Set.copyOf(ids);
        }
    }

    /** Whose identity names one of these namespaces, in whatever trust domain. */
    record Namespaces(Set<String> names) implements Subjects {
        public Namespaces {
            names = Set.copyOf(names);
        }
    }
}
