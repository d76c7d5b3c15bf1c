package dev.exeat.policy;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceReader.Reading;
import dev.exeat.policy.mixer.ConnectionAttributes;
import dev.exeat.policy.mixer.MixerLinker;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.mixer.MixerPolicy;
import dev.exeat.policy.registry.Registry;
import dev.exeat.policy.registry.ServiceEntry;
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
        return new ResourceReader(new Vocabularies().of(context)).read(resource).problems();
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
        ResourceReader reader = new ResourceReader(vocabularies.of(objects));
        problems.addAll(vocabularies.problems());
        List<MixerObject> mixerObjects = new ArrayList<>();
        List<ServiceEntry> entries = new ArrayList<>();
        List<ObjectKey> broken = new ArrayList<>();
        for (Resource object : objects) {
            switch (reader.read(object)) {
                case Reading.OfMixer mixer -> mixerObjects.add(mixer.object());
                case Reading.OfRegistry registry -> entries.add(registry.entry());
                case Reading.Broken _ -> broken.add(object.key());
                case Reading.Other _ -> {}
            }
        }
        MixerLinker linker = new MixerLinker(options, mixerObjects, broken);
        MixerPolicy mixer = linker.link(
                mixerObjects.stream()
                        .filter(MixerObject.Rule.class::isInstance)
                        .map(MixerObject.Rule.class::cast)
                        .toList(),
                broken.stream().filter(PolicyCompiler::isRule).toList());
        problems.addAll(linker.problems());
        Snapshot snapshot = new Snapshot(
                new Snapshot.Content(
                        ContentDigest.of(objects, options, linker.listContents()), objects.size(), linker.providers()),
                options,
                new ConnectionAttributes.Gateway(options.gateway(), options.gatewayLabels()),
                new Registry(entries),
                mixer);
        return new Compilation(snapshot, problems);
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
