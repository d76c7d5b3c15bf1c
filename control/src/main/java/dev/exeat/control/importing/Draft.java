package dev.exeat.control.importing;

import dev.exeat.model.Place;
import dev.exeat.policy.egress.EgressPolicy.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what an import comes to, and bounds what a small file can grow to. Not thread-safe. */
final class Draft {
    private static final int MAX_POLICIES = 20_000;
    private static final int MAX_HOSTS = 400_000;
    private static final int MAX_LOSSES = 10_000;
    private static final int MAX_TOLD = 200;

    private final ImportOptions options;
    private final List<ImportedPolicy> policies = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<Loss> losses = new ArrayList<>();
    private int hosts;

    Draft(ImportOptions options) {
        this.options = options;
    }

    ImportOptions options() {
        return options;
    }

    void note(String text) {
        notes.add(text);
    }

    void loss(Place place, String what, String why) {
        if (losses.size() < MAX_LOSSES) {
            String told = what.length() > MAX_TOLD ? what.substring(0, MAX_TOLD) + "..." : what;
            losses.add(new Loss(place, told, why));
        } else if (losses.size() == MAX_LOSSES) {
            losses.add(new Loss(place, "...", "there is more that could not be carried over, which is not listed"));
        }
    }

    /** Counts hosts that are held, before many rules that name one list hold it many times. */
    void weigh(int more, Place place) {
        hosts += more;
        if (policies.size() >= MAX_POLICIES || hosts > MAX_HOSTS) {
            throw new ImportException(
                    place,
                    "the file comes to more than " + MAX_POLICIES + " policies, or to " + MAX_HOSTS + " hosts in them",
                    "import it in parts");
        }
    }

    /** Adds a policy, under a name that no other has; the name of the import stands before it. */
    void add(ImportedPolicy policy) {
        policy.destinations().forEach(destination -> weigh(destination.hosts().size(), policy.from()));
        String base = ForeignNames.objectName(options.name() + "-" + policy.name());
        String name = base;
        for (int i = 2; !names.add(policy.namespace() + "/" + name); i++) {
            name = base + "-" + i;
        }
        policies.add(policy.named(name));
    }

    /** Has everybody in a namespace's reach need an allowance, once. */
    void close(String namespace, Place from) {
        if (closed.add(namespace)) {
            add(ImportedPolicy.allow("nobody-else", namespace, from));
        }
    }

    /** Whether any allowance selects everybody in the namespace's reach. */
    boolean isClosed(String namespace) {
        return policies.stream()
                .anyMatch(policy -> policy.action() == Action.ALLOW
                        && policy.namespace().equals(namespace)
                        && policy.sources().isEmpty());
    }

    Imported finish() {
        return new Imported(policies, List.copyOf(notes), losses);
    }
}
