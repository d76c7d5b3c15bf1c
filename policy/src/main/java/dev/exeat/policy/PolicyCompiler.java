package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.authorization.AuthorizationPolicies;
import dev.exeat.policy.authorization.AuthorizationScope;
import dev.exeat.policy.egress.EgressLinker;
import dev.exeat.policy.egress.EgressPolicies;
import dev.exeat.policy.egress.Identities;
import dev.exeat.policy.mixer.ConnectionAttributes;
import dev.exeat.policy.mixer.MixerLinker;
import dev.exeat.policy.mixer.MixerPolicy;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.routing.Routing;
import dev.exeat.policy.routing.RoutingLinker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges objects and compiles them into snapshots. Immutable and thread-safe; reads nothing but its arguments. */
public final class PolicyCompiler {
    /** Objects that stand nowhere, or at one place, are told apart by what they say. */
    private static final Comparator<Resource> FIRST_IN_FILES = Comparator.<Resource, String>comparing(
                    resource -> resource.place().file())
            .thenComparingInt(resource -> resource.place().line())
            .thenComparingInt(resource -> resource.place().column())
            .thenComparing(resource -> resource.body().toString());

    private final CompileOptions options;

    public PolicyCompiler(CompileOptions options) {
        this.options = options;
    }

    public CompileOptions options() {
        return options;
    }

    /** Every problem that one object has by itself, where expressions use Istio's attributes alone. */
    public List<Problem> check(Resource resource) {
        return check(resource, List.of());
    }

    /**
     * Every problem that one object has by itself.
     *
     * @param context objects whose attribute manifests the expressions of the object may use; others do not matter
     */
    public List<Problem> check(Resource resource, Collection<Resource> context) {
        return new ResourceReader(new Vocabularies().of(context), options.rootNamespace())
                .read(resource)
                .problems();
    }

    /**
     * Compiles all objects; their order does not matter. An object that {@link #check} refuses is best left out for its
     * last good version. Handed in all the same it denies: a handler or instance what its rules match, a rule
     * everything within its namespace's reach. A broken ServiceEntry admits nothing.
     */
    public Compilation compile(Collection<Resource> resources) {
        List<Problem> problems = new ArrayList<>();
        Collection<Resource> objects = distinct(resources, problems);
        Vocabularies vocabularies = new Vocabularies();
        ResourceReader reader = new ResourceReader(vocabularies.of(objects), options.rootNamespace());
        problems.addAll(vocabularies.problems());
        ReadObjects read = ReadObjects.of(objects, reader);
        MixerLinker mixerLinker = new MixerLinker(options, read.mixer(), read.broken());
        MixerPolicy mixer = mixerLinker.link(read.mixerRules(), read.broken(PolicyCompiler::isRule));
        problems.addAll(mixerLinker.problems());
        RoutingLinker routingLinker = new RoutingLinker(options.gatewayLabels(), read.serviceEntries());
        Routing routing = routingLinker.link(
                read.gateways(),
                read.virtualServices(),
                read.broken(key -> key.group().equals(Kinds.NETWORKING_GROUP)));
        problems.addAll(routingLinker.problems());
        EgressLinker egressLinker = new EgressLinker(options, Identities.of(objects), read.hostSets());
        EgressPolicies egress = egressLinker.link(
                read.egressPolicies(), read.broken(key -> key.kind().equals(Kinds.EGRESS_POLICY)));
        problems.addAll(egressLinker.problems());
        AuthorizationPolicies authorization = AuthorizationScope.of(
                options,
                read.authorizationPolicies(),
                read.broken(key -> key.kind().equals(Kinds.AUTHORIZATION_POLICY)));
        Snapshot snapshot = new Snapshot(
                new Snapshot.Content(
                        ContentDigest.of(objects, options, mixerLinker.listContents()),
                        objects.size(),
                        mixerLinker.providers()),
                options,
                new ConnectionAttributes.Gateway(options.gateway(), options.gatewayLabels()),
                new Snapshot.Policies(
                        new Registry(read.serviceEntries()),
                        routing,
                        mixer,
                        authorization,
                        egress,
                        Audited.of(options.gateway().trustDomain(), objects)));
        Map<ObjectKey, String> effects = new TreeMap<>(routingLinker.effects());
        read.meshObjects().forEach(object -> effects.put(object.key(), object.effect()));
        effects.putAll(authorization.effects());
        return new Compilation(snapshot, problems, effects);
    }

    /** The objects by key. Of two with the same key the one that stands first in the files counts. */
    private static Collection<Resource> distinct(Collection<Resource> resources, List<Problem> problems) {
        Map<ObjectKey, Resource> objects = new TreeMap<>();
        for (Resource resource : resources) {
            Resource other = objects.get(resource.key());
            if (other == null) {
                objects.put(resource.key(), resource);
                continue;
            }
            boolean later = FIRST_IN_FILES.compare(resource, other) > 0;
            objects.put(resource.key(), later ? other : resource);
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "duplicate-object",
                    (later ? resource : other).place(),
                    resource.key(),
                    "",
                    "the object is defined twice, also at " + (later ? other : resource).place() + ", which counts",
                    "remove one, or rename it"));
        }
        return objects.values();
    }

    private static boolean isRule(ObjectKey key) {
        return key.kind().equals("rule") && key.group().equals(Kinds.MIXER_GROUP);
    }
}
