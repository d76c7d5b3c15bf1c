package dev.exeat.control.kube;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lets no object into the store that is wrong by itself. Thread-safe. */
final class Admission {
    private final Function<Resource, List<Problem>> check;
    private final ManifestReader reader = new ManifestReader();

    /** @param check tells what is wrong with one object by itself */
    Admission(Function<Resource, List<Problem>> check) {
        this.check = check;
    }

    /**
     * Judges an object.
     *
     * @return warnings, for people
     * @throws KubeException 422 with everything that is wrong
     */
    List<String> judge(String group, String kind, String name, ObjectNode object) {
        ManifestFile read = reader.read("request", JsonMapper.shared().writeValueAsBytes(object));
        List<Problem> problems = new ArrayList<>(read.problems());
        for (Resource resource : read.resources()) {
            problems.addAll(check.apply(resource));
        }
        List<KubeException.Cause> causes = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Problem problem : problems) {
            String message = problem.message() + (problem.cure().isEmpty() ? "" : "; " + problem.cure());
            if (problem.isError()) {
                causes.add(new KubeException.Cause(problem.field(), message));
            } else {
                warnings.add((problem.field().isEmpty() ? "" : problem.field() + ": ") + message);
            }
        }
        if (!causes.isEmpty()) {
            throw KubeException.invalid(group, kind, name, causes);
        }
        return warnings;
    }
}
