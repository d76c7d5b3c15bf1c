package dev.exeat.cli.objects;

import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which files objects stand. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class FileOptions {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            split = ",",
            hideParamSyntax = true,
            description = "Files, directories, or - for standard input. Repeatable.")
    private @Nullable List<String> paths;

    @Option(
            names = {"-R", "--recursive"},
            description = "Take the files of all directories below a directory, too.")
    private boolean recursive;

    boolean given() {
        return paths != null;
    }

    /** @throws ObjectException if there is no such path */
    List<Declared> read(ObjectFiles files, InputStream standardInput) {
        return files.read(paths == null ? List.of() : paths, recursive, standardInput);
    }
}
