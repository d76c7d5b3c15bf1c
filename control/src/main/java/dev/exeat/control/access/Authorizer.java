package dev.exeat.control.access;

import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoredObject;
import dev.exeat.identity.ServiceAccountRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides what callers may do, by the bindings that the store has at that time. Thread-safe. */
public final class Authorizer {
    private final ObjectStore store;
    private final Roles roles;
    private volatile Known known = new Known(-1, List.of());

    private record Known(long version, List<Binding> bindings) {}

    public Authorizer(ObjectStore store, Roles roles) {
        this.store = store;
        this.roles = roles;
    }

    /**
     * An answer.
     *
     * @param reason for people, empty where there is none to tell
     */
    public record Decision(boolean allowed, String reason) {}

    /** @throws ForbiddenException if the caller may not */
    public void require(Caller caller, Attributes asked) {
        if (!decide(caller, asked).allowed()) {
            throw new ForbiddenException(asked.refusal(caller), asked);
        }
    }

    public Decision decide(Caller caller, Attributes asked) {
        if (caller.groups().contains(Caller.MASTERS)) {
            return new Decision(true, "");
        }
        if (builtIn(caller).stream().anyMatch(rule -> rule.allows(asked))) {
            return new Decision(true, "");
        }
        for (Binding binding : bindings()) {
            if (binding.reaches(asked)
                    && binding.covers(caller)
                    && roles.rules(binding.role()).stream().anyMatch(rule -> rule.allows(asked))) {
                return new Decision(true, binding.reason());
            }
        }
        return new Decision(false, "");
    }

    /**
     * Where a caller may do something.
     *
     * @param namespaces where it is not everywhere
     */
    public record Reach(boolean everywhere, Set<String> namespaces) {
        public Reach {
            namespaces = Set.copyOf(namespaces);
        }

        public boolean isNowhere() {
            return !everywhere && namespaces.isEmpty();
        }

        public boolean covers(String namespace) {
            return everywhere || namespaces.contains(namespace);
        }
    }

    /** @param asked in all namespaces */
    public Reach reach(Caller caller, Attributes asked) {
        if (decide(caller, asked).allowed()) {
            return new Reach(true, Set.of());
        }
        Set<String> namespaces = new HashSet<>();
        for (Binding binding : bindings()) {
            if (!binding.namespace().isEmpty()
                    && binding.covers(caller)
                    && roles.rules(binding.role()).stream().anyMatch(rule -> rule.allows(asked))) {
                namespaces.add(binding.namespace());
            }
        }
        return new Reach(false, namespaces);
    }

    /** What the caller may do in a namespace. */
    List<Rule> rules(Caller caller, String namespace) {
        if (caller.groups().contains(Caller.MASTERS)) {
            return roles.rules(Roles.ADMIN);
        }
        List<Rule> rules = new ArrayList<>(builtIn(caller));
        for (Binding binding : bindings()) {
            if (binding.covers(caller)
                    && (binding.namespace().isEmpty() || binding.namespace().equals(namespace))) {
                rules.addAll(roles.rules(binding.role()));
            }
        }
        return rules.stream().distinct().toList();
    }

    private List<Rule> builtIn(Caller caller) {
        List<Rule> rules = new ArrayList<>();
        if (caller.groups().contains(Caller.EVERYBODY)) {
            rules.addAll(Roles.everybody());
        }
        if (caller.groups().contains(Caller.ACCOUNTS)) {
            rules.addAll(Roles.accounts());
        }
        // A gateway elsewhere reads here what it enforces.
        if (caller.account().filter(ServiceAccountRef.GATEWAY::equals).isPresent()) {
            rules.addAll(roles.rules(Roles.VIEWER));
        }
        return rules;
    }

    private List<Binding> bindings() {
        long version = store.resourceVersion();
        Known latest = known;
        if (latest.version() != version) {
            List<Binding> bindings = new ArrayList<>();
            for (String resource : List.of("clusterrolebindings", "rolebindings")) {
                for (StoredObject object :
                        store.list(new Scope(Roles.GROUP, resource, "")).objects()) {
                    bindings.add(Binding.of(object.body()));
                }
            }
            latest = new Known(version, List.copyOf(bindings));
            known = latest;
        }
        return latest.bindings();
    }
}
