package dev.exeat.control;

import dev.exeat.control.manifest.ManifestFile;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A manifest file as it was read last.
 *
 * @param resources the good objects; of a broken file also those of its last good version that it does not replace
 */
record TrackedFile(Path path, Path real, FileStamp stamp, List<Resource> resources, List<Problem> problems) {
    TrackedFile {
        resources = List.copyOf(resources);
        problems = List.copyOf(problems);
    }

    static TrackedFile first(FoundFile found, ManifestFile content) {
        return new TrackedFile(found.path(), found.real(), found.stamp(), content.resources(), content.problems());
    }

    /** A file that could not be read yet, to be read at the next look. */
    static TrackedFile neverRead(FoundFile found, Problem problem) {
        return new TrackedFile(found.path(), found.real(), FileStamp.NONE, List.of(), List.of(problem));
    }

    /** This file after it was read again. */
    TrackedFile next(FoundFile found, ManifestFile content) {
        List<Resource> all = new ArrayList<>(content.resources());
        if (content.hasErrors()) {
            Set<ObjectKey> replaced = new HashSet<>();
            content.resources().forEach(resource -> replaced.add(resource.key()));
            resources.stream().filter(old -> !replaced.contains(old.key())).forEach(all::add);
        }
        return new TrackedFile(found.path(), found.real(), found.stamp(), all, content.problems());
    }

    /** This file after it could not be read; it is read at the next look. */
    TrackedFile unreadable(Problem problem) {
        return new TrackedFile(path, real, stamp, resources, List.of(problem));
    }
}
