package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.authorization.AuthorizationPolicies;
import dev.exeat.policy.authorization.AuthorizationScope;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.egress.EgressLinker;
import dev.exeat.policy.egress.Identities;
import dev.exeat.policy.mixer.ConnectionAttributes;
import dev.exeat.policy.mixer.MixerLinker;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.routing.MeshObject;
import dev.exeat.policy.routing.RoutingLinker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The objects in force with everything that was made of them, taken from one snapshot to the next: what did not change is
 * neither read nor joined again. Each snapshot shares what is the same with the one before, and neither ever changes.
 * Not thread-safe; after an exception of no more use.
 */
final class IncrementalCompiler {
    private final CompileOptions options;
    private final ObjectJudge judge;
    private final ContentDigest digest;
    private final MixerLinker mixer;
    private final RoutingLinker routing;
    private final EgressLinker egress;
    private final AuthorizationScope authorization;
    private final Map<ObjectKey, JudgedObject> objects = new HashMap<>();
    private final Map<ObjectKey, Resource> identities = new TreeMap<>();
    private final Map<ObjectKey, MeshObject> meshObjects = new TreeMap<>();
    private Registry registry = Registry.empty();
    private Identities labels = Identities.of(List.of());
    private Audited audited;

    IncrementalCompiler(CompileOptions options, Vocabulary vocabulary) {
        this.options = options;
        this.judge = new ObjectJudge(vocabulary, options);
        this.digest = new ContentDigest(options);
        this.mixer = new MixerLinker(options);
        this.routing = new RoutingLinker(options.gatewayLabels());
        this.egress = new EgressLinker(options);
        this.authorization = new AuthorizationScope(options);
        this.audited = Audited.of(options.gateway().trustDomain(), List.of());
    }

    Vocabulary vocabulary() {
        return judge.vocabulary();
    }

    List<JudgedObject> judge(List<Resource> resources) {
        return judge.judge(resources);
    }

    boolean holds(ObjectKey key) {
        return objects.containsKey(key);
    }

    /**
     * What is in force after a change.
     *
     * @param gone of those that are held
     * @param come no two with one key, and none with the key of one that stays
     * @param judged what has come, in its order
     */
    Compilation change(List<Resource> gone, List<Resource> come, List<JudgedObject> judged) {
        List<JudgedObject> were = new ArrayList<>(gone.size());
        for (Resource resource : gone) {
            JudgedObject held = objects.remove(resource.key());
            if (held == null) {
                throw new IllegalArgumentException(resource.key() + " is not in force");
            }
            digest.remove(held.digest());
            were.add(held);
        }
        for (int i = 0; i < come.size(); i++) {
            objects.put(come.get(i).key(), judged.get(i));
            digest.add(judged.get(i).digest());
        }
        identities(gone, come);
        return link(ReadObjects.of(gone, were), ReadObjects.of(come, judged));
    }

    private void identities(List<Resource> gone, List<Resource> come) {
        boolean changed = false;
        for (Resource resource : gone) {
            changed |= identities.remove(resource.key()) != null;
        }
        for (Resource resource : come) {
            if (Identities.isDeclaredBy(resource)) {
                identities.put(resource.key(), resource);
                changed = true;
            }
        }
        if (changed) {
            labels = Identities.of(identities.values());
            audited = Audited.of(options.gateway().trustDomain(), identities.values());
        }
    }

    private Compilation link(ReadObjects gone, ReadObjects come) {
        registry = registry.edited(gone.serviceEntries(), come.serviceEntries());
        gone.meshObjects().forEach(object -> meshObjects.remove(object.key()));
        come.meshObjects().forEach(object -> meshObjects.put(object.key(), object));
        AuthorizationPolicies authorized = authorization.link(ofAuthorization(gone), ofAuthorization(come));
        Snapshot.Policies policies = new Snapshot.Policies(
                registry,
                routing.link(ofRouting(gone), ofRouting(come), registry),
                mixer.link(ofMixer(gone), ofMixer(come)),
                authorized,
                egress.link(ofEgress(gone), ofEgress(come), labels),
                audited);
        Snapshot snapshot = new Snapshot(
                new Snapshot.Content(digest.digest(mixer.listContents()), objects.size(), mixer.providers()),
                options,
                new ConnectionAttributes.Gateway(options.gateway(), options.gatewayLabels()),
                policies);
        List<Problem> problems = new ArrayList<>(mixer.problems());
        problems.addAll(routing.problems());
        problems.addAll(egress.problems());
        return new Compilation(snapshot, problems, effects(authorized));
    }

    private Map<ObjectKey, String> effects(AuthorizationPolicies authorized) {
        Map<ObjectKey, String> effects = new HashMap<>(routing.effects());
        meshObjects.values().forEach(object -> effects.put(object.key(), object.effect()));
        effects.putAll(authorized.effects());
        return effects;
    }

    private static MixerLinker.Objects ofMixer(ReadObjects read) {
        return new MixerLinker.Objects(
                read.mixer(),
                read.broken(),
                read.broken(key -> key.kind().equals("rule") && key.group().equals(Kinds.MIXER_GROUP)));
    }

    private static RoutingLinker.Objects ofRouting(ReadObjects read) {
        return new RoutingLinker.Objects(
                read.gateways(),
                read.virtualServices(),
                read.broken(key -> key.group().equals(Kinds.NETWORKING_GROUP)));
    }

    private static EgressLinker.Objects ofEgress(ReadObjects read) {
        return new EgressLinker.Objects(
                read.egressPolicies(),
                read.hostSets(),
                read.broken(key -> key.kind().equals(Kinds.EGRESS_POLICY)));
    }

    private static AuthorizationScope.Objects ofAuthorization(ReadObjects read) {
        return new AuthorizationScope.Objects(
                read.authorizationPolicies(), read.broken(key -> key.kind().equals(Kinds.AUTHORIZATION_POLICY)));
    }
}
