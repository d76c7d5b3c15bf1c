package dev.exeat.policy;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.ResourceReader.Reading;
import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.mixer.MixerObject;
import dev.exeat.policy.mixer.StandardAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Joins Istio's attributes with those that manifests declare. Used once; not thread-safe. */
final class Vocabularies {
    private static final String MANIFEST = "attributemanifest";

    private final Map<String, Attribute> attributes = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private record Attribute(ValueType type, Resource manifest) {}

    private Vocabularies() {}

    /** The attributes that expressions may use, and what is wrong between the manifests that declare them. */
    record Declared(Vocabulary vocabulary, List<Problem> problems) {
        static final Declared NONE = new Declared(StandardAttributes.vocabulary(), List.of());
    }

    /** Whether a change is one of manifests. */
    static boolean matter(ResourceChange change) {
        return change.gone().stream().anyMatch(Vocabularies::isManifest)
                || change.come().stream().anyMatch(Vocabularies::isManifest);
    }

    private static boolean isManifest(Resource resource) {
        return resource.key().kind().equals(MANIFEST);
    }

    /** Of two manifests that differ about an attribute the one whose key comes first counts. */
    static Declared of(Collection<Resource> resources) {
        Vocabularies vocabularies = new Vocabularies();
        ResourceReader reader = new ResourceReader(StandardAttributes.vocabulary(), "", "");
        resources.stream()
                .filter(Vocabularies::isManifest)
                .sorted((left, right) -> left.key().compareTo(right.key()))
                .forEach(resource -> {
                    if (reader.read(resource) instanceof Reading.OfMixer(MixerObject object, List<Problem> _)
                            && object instanceof MixerObject.Manifest manifest) {
                        manifest.attributes().forEach((name, type) -> vocabularies.declare(name, type, resource));
                    }
                });
        Map<String, ValueType> types = new HashMap<>();
        vocabularies.attributes.forEach((name, attribute) -> types.put(name, attribute.type()));
        return new Declared(StandardAttributes.vocabulary().with(types), List.copyOf(vocabularies.problems));
    }

    private void declare(String name, ValueType type, Resource manifest) {
        Attribute first = attributes.putIfAbsent(name, new Attribute(type, manifest));
        if (first != null && first.type() != type) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    "conflicting-type",
                    manifest.place(),
                    manifest.key(),
                    "spec.attributes." + name,
                    "the attribute \"" + name + "\" is of type " + type + " here and of type " + first.type() + " in "
                            + first.manifest().key() + ", which counts",
                    "declare it once"));
        }
    }
}
