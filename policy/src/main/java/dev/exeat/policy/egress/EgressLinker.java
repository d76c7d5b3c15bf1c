package dev.exeat.policy.egress;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.egress.EgressPolicy.About;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Destination;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import dev.exeat.policy.egress.EgressPolicy.SetReference;
import dev.exeat.policy.egress.EgressPolicy.Source;
import dev.exeat.policy.egress.EgressPolicy.Tier;
import dev.exeat.policy.manifest.Findings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins policies with the host sets, namespaces and service accounts that they name. An allowance whose set is missing
 * covers none of its hosts, a denial then covers every host, and both are reported. Remembers what it joined, so that
 * after a change only what depends on it is joined again. Not thread-safe.
 */
public final class EgressLinker {
    private static final List<HostPattern> EVERY_HOST = List.of(HostPattern.parse("*"));

    private final CompileOptions options;
    private final String trustDomain;
    private final Map<String, HostSet> sets = new HashMap<>();
    private final Map<ObjectKey, EgressPolicy> read = new HashMap<>();
    /** The problems of those that have any. */
    private final Map<ObjectKey, List<Problem>> found = new HashMap<>();

    private Identities identities = new Identities(Map.of(), Map.of());
    private EgressPolicies policies = EgressPolicies.empty();

    /**
     * What changed; an object that has another content is gone and has come.
     *
     * @param broken policies that could not be read: each denies everything within its namespace's reach
     */
    public record Objects(Collection<EgressPolicy> policies, Collection<HostSet> sets, Collection<ObjectKey> broken) {}

    public EgressLinker(CompileOptions options) {
        this.options = options;
        this.trustDomain = options.gateway().trustDomain();
    }

    /** The policies after a change. */
    public EgressPolicies link(Objects gone, Objects come, Identities now) {
        Set<String> touched = new HashSet<>();
        gone.sets().forEach(set -> {
            sets.remove(name(set));
            touched.add(name(set));
        });
        come.sets().forEach(set -> {
            sets.put(name(set), set);
            touched.add(name(set));
        });
        boolean relabelled = !now.equals(identities);
        identities = now;
        List<ObjectKey> removed = new ArrayList<>(gone.broken());
        for (EgressPolicy policy : gone.policies()) {
            read.remove(policy.key());
            found.remove(policy.key());
            removed.add(policy.key());
        }
        List<EgressPolicy> toLink = new ArrayList<>(come.policies());
        if (relabelled || !touched.isEmpty()) {
            for (EgressPolicy policy : read.values()) {
                if ((relabelled && asksForLabels(policy)) || asksFor(policy, touched)) {
                    toLink.add(policy);
                }
            }
        }
        come.policies().forEach(policy -> read.put(policy.key(), policy));
        Map<ObjectKey, List<EgressRule>> linked = new HashMap<>();
        toLink.forEach(policy -> linked.put(policy.key(), link(policy)));
        come.broken().forEach(key -> linked.put(key, List.of(broken(key))));
        policies = policies.edited(removed, linked);
        return policies;
    }

    private static String name(HostSet set) {
        return set.key().namespace() + "/" + set.key().name();
    }

    private static boolean asksForLabels(EgressPolicy policy) {
        return policy.sources().stream()
                .anyMatch(source -> source.accounts() != null || source.namespaceLabels() != null);
    }

    private boolean asksFor(EgressPolicy policy, Set<String> names) {
        for (Destination destination : policy.destinations()) {
            for (SetReference reference : destination.sets()) {
                if (candidates(reference.name(), policy.key().namespace()).stream()
                        .anyMatch(names::contains)) {
                    return true;
                }
            }
        }
        return false;
    }

    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        found.values().forEach(problems::addAll);
        return problems;
    }

    private List<EgressRule> link(EgressPolicy policy) {
        Findings findings = new Findings(policy.key());
        List<LinkedSource> sources = sources(policy);
        List<EgressRule> rules = new ArrayList<>();
        for (int i = 0; i < policy.destinations().size(); i++) {
            rules.add(link(policy, i, sources, findings));
        }
        found.remove(policy.key());
        if (!findings.problems().isEmpty()) {
            found.put(policy.key(), findings.problems());
        }
        return List.copyOf(rules);
    }

    private EgressRule link(EgressPolicy policy, int index, List<LinkedSource> sources, Findings findings) {
        Destination destination = policy.destinations().get(index);
        List<HostPattern> hosts =
                destination.sets().isEmpty() ? destination.hosts() : new ArrayList<>(destination.hosts());
        String failure = "";
        for (SetReference reference : destination.sets()) {
            HostSet set = find(reference.name(), policy.key().namespace());
            if (set != null) {
                hosts.addAll(set.hosts());
                continue;
            }
            boolean denies = policy.action() == Action.DENY;
            findings.error(
                    "dangling-reference",
                    reference.place(),
                    reference.field(),
                    "there is no HostSet " + reference.name()
                            + (denies ? ", so the policy denies every host" : ", so nothing is allowed by it"),
                    "apply a HostSet of that name, or name another");
            if (denies) {
                failure = "the HostSet " + reference.name() + " is missing";
            }
        }
        return new EgressRule(
                policy,
                index,
                sources,
                failure.isEmpty() ? hosts : EVERY_HOST,
                destination.ports(),
                destination.exceptions(),
                failure);
    }

    private @Nullable HostSet find(String name, String namespace) {
        for (String candidate : candidates(name, namespace)) {
            HostSet found = sets.get(candidate);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private List<String> candidates(String name, String namespace) {
        return name.indexOf('/') >= 0
                ? List.of(name)
                : List.of(namespace + "/" + name, options.rootNamespace() + "/" + name);
    }

    /** A team's policy holds for the clients of its own namespace alone. */
    private List<LinkedSource> sources(EgressPolicy policy) {
        String namespace = policy.key().namespace();
        boolean everywhere = policy.tier() == Tier.PLATFORM || namespace.equals(options.rootNamespace());
        List<LinkedSource> linked = new ArrayList<>();
        if (policy.sources().isEmpty()) {
            linked.add(ofNamespaces(everywhere ? null : Set.of(namespace)));
        }
        for (Source source : policy.sources()) {
            linked.add(source(source, everywhere ? null : namespace));
        }
        return linked;
    }

    private LinkedSource ofNamespaces(@Nullable Set<String> namespaces) {
        return new LinkedSource(trustDomain, namespaces, null, List.of(), List.of());
    }

    private LinkedSource source(Source source, @Nullable String only) {
        Set<String> namespaces = only == null ? null : Set.of(only);
        if (!source.namespaces().isEmpty()) {
            namespaces = both(namespaces, source.namespaces());
        }
        if (source.namespaceLabels() != null) {
            namespaces = both(namespaces, identities.namespaces(source.namespaceLabels()));
        }
        Set<String> accounts = source.serviceAccounts().isEmpty() ? null : source.serviceAccounts();
        if (source.accounts() != null) {
            accounts = both(accounts, identities.accounts(source.accounts()));
        }
        Set<SpiffeId> ids = accounts == null ? null : idsOf(accounts);
        List<SpiffePattern> patterns = source.ids();
        Set<SpiffeId> exact = exact(patterns);
        if (exact != null) {
            ids = both(ids, exact);
            patterns = List.of();
        }
        return new LinkedSource(trustDomain, namespaces, ids, patterns, source.blocks());
    }

    private static <T> Set<T> both(@Nullable Set<T> left, Set<T> right) {
        if (left == null) {
            return right;
        }
        Set<T> both = new HashSet<>(left);
        both.retainAll(right);
        return both;
    }

    private Set<SpiffeId> idsOf(Set<String> accounts) {
        Set<SpiffeId> ids = new HashSet<>();
        for (String account : accounts) {
            int slash = account.indexOf('/');
            ids.add(SpiffeId.ofServiceAccount(trustDomain, account.substring(0, slash), account.substring(slash + 1)));
        }
        return ids;
    }

    /** The IDs that the patterns stand for where each stands for one, else null. */
    private static @Nullable Set<SpiffeId> exact(List<SpiffePattern> patterns) {
        Set<SpiffeId> ids = new HashSet<>();
        for (SpiffePattern pattern : patterns) {
            SpiffeId id = pattern.exact();
            if (id == null) {
                return null;
            }
            ids.add(id);
        }
        return patterns.isEmpty() ? null : ids;
    }

    private EgressRule broken(ObjectKey key) {
        boolean everywhere = key.namespace().equals(options.rootNamespace());
        EgressPolicy policy = new EgressPolicy(
                key,
                everywhere ? Tier.PLATFORM : Tier.TEAM,
                Action.DENY,
                Mode.ENFORCE,
                null,
                About.NOTHING,
                List.of(),
                List.of(),
                Conditions.NONE);
        return new EgressRule(
                policy,
                0,
                List.of(ofNamespaces(everywhere ? null : Set.of(key.namespace()))),
                EVERY_HOST,
                Set.of(),
                List.of(),
                key + " is refused for its errors, so everything that it might match is denied");
    }
}
