package dev.exeat.it.faults;

import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that can be full. Where file systems may be mounted it is one of its own, which is made as small as what
 * lies in it; elsewhere the process that writes there is forbidden to make any file longer than those here.
 */
final class SmallDisk implements AutoCloseable {
    private static final String ROOM = "256m";

    private final Path directory;
    private final boolean mounted;

    SmallDisk(Path directory) {
        this.directory = directory;
        this.mounted = mount("size=" + ROOM + ",mode=700").exitCode() == 0;
    }

    private CommandRun mount(String options) {
        return Command.of("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString())
                .run();
    }

    /** @param writer the process that writes here */
    void fill(long writer) {
        if (mounted) {
            require(Command.of("mount", "-o", "remount,size=" + used(), directory.toString())
                    .run());
        } else {
            require(limit(writer, String.valueOf(longest())));
        }
    }

    void free(long writer) {
        if (mounted) {
            require(Command.of("mount", "-o", "remount,size=" + ROOM, directory.toString())
                    .run());
        } else {
            require(limit(writer, "unlimited"));
        }
    }

    private static CommandRun limit(long writer, String octets) {
        return Command.of("prlimit", "--pid", String.valueOf(writer), "--fsize=" + octets + ":unlimited")
                .run();
    }

    private long used() {
        try {
            var store = Files.getFileStore(directory);
            return Math.max(4096, store.getTotalSpace() - store.getUnallocatedSpace());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long longest() {
        try (var files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).max().orElse(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(CommandRun run) {
        if (run.exitCode() != 0) {
            throw new IllegalStateException(run.toString());
        }
    }

    @Override
    public void close() {
        if (mounted) {
            Command.of("cp", "-a", directory.toString(), directory + "-at-the-end")
                    .run();
            Command.of("umount", "-l", directory.toString()).run();
        }
    }
}
