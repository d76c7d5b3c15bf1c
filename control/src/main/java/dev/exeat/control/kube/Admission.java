package dev.exeat.control.kube;

import dev.exeat.control.access.BindingRules;
import dev.exeat.control.kube.schema.FieldError;
import dev.exeat.control.kube.schema.ObjectRules;
import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lets no object into the store that is wrong by itself. Thread-safe. */
final class Admission {
    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private final Function<Resource, List<Problem>> check;
    private final ManifestReader reader = new ManifestReader();
    private final ObjectRules rules = new ObjectRules();

    /** @param check tells what is wrong with one object by itself */
    Admission(Function<Resource, List<Problem>> check) {
        this.check = check;
    }

    /**
     * Takes out of an object what its kind does not know.
     *
     * @param duplicates fields that were given twice
     * @return warnings, for people, where they are asked for
     * @throws KubeException where nothing unknown may be in it, or a text is none
     */
    List<String> decode(KubeRequest request, ObjectNode object, WriteOptions options, List<String> duplicates) {
        boolean patch = request.method().equals("PATCH");
        String whole = patch ? SORTED.writeValueAsString(object) : "";
        String mistyped = rules.mismatch(request.version(), object);
        if (!mistyped.isEmpty()) {
            throw undecodable(request, whole, mistyped);
        }
        List<String> found = new ArrayList<>();
        duplicates.forEach(path -> found.add("duplicate field \"" + path + "\""));
        rules.prune(request.version(), object).forEach(path -> found.add("unknown field \"" + path + "\""));
        if (!found.isEmpty() && options.unknown() == WriteOptions.Unknown.STRICT) {
            throw undecodable(request, whole, "strict decoding error: " + String.join(", ", found));
        }
        rules.normalize(request.version(), object);
        return options.unknown() == WriteOptions.Unknown.WARN ? found : List.of();
    }

    private static KubeException undecodable(KubeRequest request, String patched, String why) {
        if (!patched.isEmpty()) {
            String message = "Invalid value: " + SORTED.writeValueAsString(patched) + ": " + why;
            return KubeException.invalid(
                    "", "", "", List.of(new KubeException.Cause("FieldValueInvalid", "patch", message)));
        }
        String kind = request.kind().name();
        return KubeException.badRequest(
                kind + " in version \"" + request.version().name() + "\" cannot be handled as a " + kind + ": " + why);
    }

    /** @throws KubeException if an applied object has fields that nobody could own, or values that do not fit */
    void requireApplicable(KubeRequest request, ObjectNode applied) {
        List<String> wrong = new ArrayList<>();
        rules.prune(request.version(), applied)
                .forEach(path -> wrong.add("." + path + ": field not declared in schema"));
        String mismatch = rules.mismatch(request.version(), applied);
        if (!mismatch.isEmpty()) {
            wrong.add(mismatch);
        }
        if (!wrong.isEmpty()) {
            throw KubeException.untyped("failed to create typed patch object (" + request.namespace() + "/"
                    + request.name() + "; " + request.kind().apiVersion(request.version()) + ", Kind="
                    + request.kind().name() + "): "
                    + (wrong.size() == 1 ? "" : "errors:\n  ")
                    + String.join("\n  ", wrong));
        }
    }

    /** @throws KubeException 422 if the new object changes what may not change */
    void requireAllowed(KubeRequest request, ObjectNode current, ObjectNode next) {
        if (!current.at("/metadata/deletionTimestamp").isString()) {
            return;
        }
        List<String> added = new ArrayList<>();
        for (JsonNode finalizer : next.at("/metadata/finalizers")) {
            if (current.at("/metadata/finalizers").valueStream().noneMatch(finalizer::equals)) {
                added.add(finalizer.toString());
            }
        }
        if (!added.isEmpty()) {
            throw invalid(
                    request,
                    List.of(new KubeException.Cause(
                            "FieldValueForbidden",
                            "metadata.finalizers",
                            "Forbidden: no new finalizers can be added if the object is being deleted, found new"
                                    + " finalizers []string{" + String.join(", ", added) + "}")));
        }
    }

    /**
     * Fills in what an object leaves out, and judges it: by its schema, and then by what it would mean.
     *
     * @return warnings, for people
     * @throws KubeException 422 with everything that is wrong
     */
    List<String> judge(KubeRequest request, ObjectNode object) {
        rules.fill(request.version(), object);
        List<KubeException.Cause> causes = new ArrayList<>();
        for (FieldError error : rules.errors(request.kind(), request.version(), object)) {
            causes.add(new KubeException.Cause(error.reason(), error.field(), error.message()));
        }
        if (!causes.isEmpty()) {
            throw invalid(request, object, causes);
        }
        List<String> warnings = new ArrayList<>();
        for (Problem problem : problems(object)) {
            String message = problem.message() + (problem.cure().isEmpty() ? "" : "; " + problem.cure());
            if (problem.isError()) {
                causes.add(new KubeException.Cause("FieldValueInvalid", problem.field(), message));
            } else {
                warnings.add((problem.field().isEmpty() ? "" : problem.field() + ": ") + message);
            }
        }
        if (!causes.isEmpty()) {
            throw invalid(request, object, causes);
        }
        return warnings;
    }

    private List<Problem> problems(ObjectNode object) {
        ManifestFile read = reader.read("request", JsonMapper.shared().writeValueAsBytes(object));
        List<Problem> problems = new ArrayList<>(read.problems());
        for (Resource resource : read.resources()) {
            problems.addAll(check.apply(resource));
        }
        return problems;
    }

    private static KubeException invalid(KubeRequest request, List<KubeException.Cause> causes) {
        return KubeException.invalid(request.kind().group(), request.kind().name(), request.name(), causes);
    }

    private static KubeException invalid(KubeRequest request, ObjectNode object, List<KubeException.Cause> causes) {
        return KubeException.invalid(
                request.kind().group(),
                request.kind().name(),
                object.at("/metadata/name").asString(""),
                causes);
    }

    /**
     * Judges an object that gives rights, and lets all others be.
     *
     * @param before what it was, null if it is new
     * @throws KubeException 422 with everything that is wrong
     */
    void judgeBinding(KubeRequest request, ObjectNode object, @Nullable ObjectNode before) {
        if (!BindingRules.apply(request.kind().group(), request.kind().plural())) {
            return;
        }
        List<KubeException.Cause> causes = BindingRules.check(object, before).stream()
                .map(fault -> new KubeException.Cause("FieldValueInvalid", fault.field(), fault.message()))
                .toList();
        if (!causes.isEmpty()) {
            throw invalid(request, object, causes);
        }
    }
}
