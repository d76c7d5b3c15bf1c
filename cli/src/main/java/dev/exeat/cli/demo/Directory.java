package dev.exeat.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The demonstration's own directory, with the program and its samples in reach; it goes when the story ends. */
final class Directory implements AutoCloseable {
    private final Path path;

    Directory(Path home) throws IOException {
        path = Files.createTempDirectory("exeat-demo-").toRealPath();
        Files.createDirectory(path.resolve("manifests"));
        Files.createDirectory(path.resolve("bin"));
        Files.createSymbolicLink(path.resolve("bin/exeat"), home.resolve("exeat"));
        Files.createSymbolicLink(path.resolve("samples"), home.resolve("samples"));
        // Found before a person's own, whose settings would change the story.
        Files.createFile(path.resolve(".curlrc"));
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path, e);
        }
    }
}
