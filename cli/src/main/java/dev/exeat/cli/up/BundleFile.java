package dev.exeat.cli.up;

import dev.exeat.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes the trust bundle for those who must trust this authority; readers see the whole file or the earlier one. */
final class BundleFile {
    private BundleFile() {}

    static void write(Path file, String pem) {
        Path staged = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.writeString(staged, pem);
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandFailure("cannot write the trust bundle " + file + ": " + e);
        }
    }
}
