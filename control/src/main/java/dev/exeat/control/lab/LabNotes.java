package dev.exeat.control.lab;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.List;
import java.util.Map;

/** What people are told who bring a workload to the lab. */
public final class LabNotes {
    private static final Map<String, String> CONTAINERS =
            Map.of("Pod", "spec.containers", "Deployment", "spec.template.spec.containers");

    private LabNotes() {}

    public static List<Problem> of(Resource resource) {
        String field = CONTAINERS.get(resource.key().kind());
        if (field == null) {
            return List.of();
        }
        return List.of(new Problem(
                Problem.Severity.WARNING,
                "image-not-run",
                resource.body().place(),
                resource.key(),
                field,
                "images are not run in the lab: a pod is an environment of this machine with the identity and the proxy"
                        + " of its service account, in which kubectl exec runs this machine's programs",
                ""));
    }
}
