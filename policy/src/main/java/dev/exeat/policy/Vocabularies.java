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

    private final Map<String, Declared> declared = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private record Declared(ValueType type, Resource manifest) {}

    /** Of two manifests that differ about an attribute the one whose key comes first counts. */
    Vocabulary of(Collection<Resource> resources) {
        ResourceReader reader = new ResourceReader(StandardAttributes.vocabulary(), "");
        resources.stream()
                .filter(resource -> resource.key().kind().equals(MANIFEST))
                .sorted((left, right) -> left.key().compareTo(right.key()))
                .forEach(resource -> {
                    if (reader.read(resource) instanceof Reading.OfMixer(MixerObject object, List<Problem> _)
                            && object instanceof MixerObject.Manifest manifest) {
                        manifest.attributes().forEach((name, type) -> declare(name, type, resource));
                    }
                });
        Map<String, ValueType> types = new HashMap<>();
        declared.forEach((name, attribute) -> types.put(name, attribute.type()));
        return StandardAttributes.vocabulary().with(types);
    }

    private void declare(String name, ValueType type, Resource manifest) {
        Declared first = declared.putIfAbsent(name, new Declared(type, manifest));
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

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
