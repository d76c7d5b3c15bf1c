package dev.exeat.control;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.Compilation;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The objects of manifests, read once and judged one by one.
 *
 * @param sound those without an error
 * @param broken those with one
 * @param problems of files, and of objects by themselves
 * @param files how many files were read
 * @param sharers the files of each object that stands in several with the same content
 */
public record ManifestSet(
        List<Resource> sound,
        List<Resource> broken,
        List<Problem> problems,
        int files,
        Map<ObjectKey, Set<String>> sharers) {
    private static final String STANDARD_INPUT = "-";

    public ManifestSet {
        sound = List.copyOf(sound);
        broken = List.copyOf(broken);
        problems = List.copyOf(problems);
        sharers = Map.copyOf(sharers);
    }

    /**
     * @param paths files, directories with all below them, or {@code -} for standard input
     * @throws UncheckedIOException if standard input cannot be read; what else cannot be read is a problem
     */
    public static ManifestSet read(PolicyCompiler compiler, List<String> paths, InputStream standardInput) {
        return read(compiler.recompiler(), paths, standardInput);
    }

    /** The same by one that then compiles what it has judged here. */
    public static ManifestSet read(Recompiler recompiler, List<String> paths, InputStream standardInput) {
        List<Path> roots = paths.stream()
                .filter(path -> !path.equals(STANDARD_INPUT))
                .map(Path::of)
                .toList();
        ManifestTree tree = ManifestTree.scan(roots);
        ManifestShelf shelf = new ManifestShelf();
        shelf.commit(shelf.prepare(tree, Set.of(), true), Set.of());
        List<TrackedFile> files = new ArrayList<>(shelf.files());
        if (paths.contains(STANDARD_INPUT)) {
            files.add(file(standardInput));
        }
        ResourceSet set = ResourceMerge.of(files, tree.problems());
        ObjectLedger.Accepted accepted = new ObjectLedger(recompiler::check).accept(set.resources());
        List<Problem> problems = new ArrayList<>(set.problems());
        problems.addAll(accepted.problems());
        return new ManifestSet(accepted.sound(), accepted.broken(), problems, files.size(), set.sharers());
    }

    private static TrackedFile file(InputStream standardInput) {
        try {
            byte[] content = standardInput.readNBytes(ManifestReader.MAX_BYTES + 1);
            Path name = Path.of("<stdin>");
            FoundFile found = new FoundFile(name, name, name, FileStamp.NONE);
            return TrackedFile.first(found, new ManifestReader().read(name.toString(), content));
        } catch (IOException e) {
            throw new UncheckedIOException("standard input cannot be read", e);
        }
    }

    /** All problems: with those that show between objects when they are compiled. */
    public List<Problem> problems(Compilation compilation) {
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(new SharedObjects(sharers).without(compilation.problems(), sound));
        return all;
    }

    /** The sound and the broken: a policy denies what a broken object might have denied. */
    public List<Resource> all() {
        return Stream.concat(sound.stream(), broken.stream()).toList();
    }
}
