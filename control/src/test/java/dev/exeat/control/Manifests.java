package dev.exeat.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Small manifests, and the ways people and programs put them into a directory. */
final class Manifests {
    private Manifests() {}

    static String account(String name) {
        return "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: " + name + "\n";
    }

    /** An object of one name, whose content differs by the note. */
    static String noted(String name, String note) {
        return account(name) + "  annotations: {note: \"" + note + "\"}\n";
    }

    static String documents(String... documents) {
        return String.join("---\n", documents);
    }

    static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As editors and careful programs do it: the new file takes the old one's place. */
    static void replace(Path file, String content) {
        try {
            Path next = file.resolveSibling("." + file.getFileName() + ".next");
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
