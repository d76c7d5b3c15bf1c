package dev.exeat.control.manifest;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.List;

/**
 * What one file says.
 *
 * @param resources the objects that could be read, in the order of the file; one object may come twice
 * @param problems in the order of lines; an object with an error is not among the resources
 */
public record ManifestFile(List<Resource> resources, List<Problem> problems) {
    public ManifestFile {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }

    public boolean hasErrors() {
        return problems.stream().anyMatch(Problem::isError);
    }
}
