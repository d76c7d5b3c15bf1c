package dev.exeat.it.faults;

import dev.exeat.testkit.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The wall clock of one process, which can be set while it runs; its monotonic clock stays. By a small library that the
 * C compiler of the machine makes of {@code wallclock.c}; without one the clock can't be set.
 */
final class FakeClock {
    private final Path offset;
    private final @Nullable Path preload;

    /** @param wanted whether it shall be settable */
    FakeClock(Path directory, boolean wanted) throws IOException {
        Files.createDirectories(directory);
        this.offset = directory.resolve("clock");
        set(0);
        this.preload = wanted ? compile(directory) : null;
    }

    private static @Nullable Path compile(Path directory) throws IOException {
        Path source = directory.resolve("wallclock.c");
        try (InputStream in = FakeClock.class.getResourceAsStream("wallclock.c")) {
            Files.write(source, Objects.requireNonNull(in).readAllBytes());
        }
        Path made = directory.resolve("wallclock.so");
        int exit = Command.of("sh", "-c", "cc -O2 -shared -fPIC -o \"$0\" \"$1\"", made.toString(), source.toString())
                .run()
                .exitCode();
        return exit == 0 ? made : null;
    }

    boolean canBeSet() {
        return preload != null;
    }

    Command in(Command command) {
        return preload == null
                ? command
                : command.env("LD_PRELOAD", preload.toString()).env("WALL_CLOCK_OFFSET", offset.toString());
    }

    /** Sets it so far before or behind the machine's, at once. */
    void set(long seconds) throws IOException {
        // In place, because the process has the file mapped.
        try (FileChannel file = FileChannel.open(offset, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(seconds)
                    .flip());
        }
    }
}
