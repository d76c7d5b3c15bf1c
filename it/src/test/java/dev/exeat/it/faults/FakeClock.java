package dev.exeat.it.faults;

import dev.exeat.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The wall clock of one process, which can be set while it runs; its monotonic clock stays. By libfaketime (Debian
 * package {@code faketime}); where that is missing the clock can't be set.
 */
final class FakeClock {
    private final Path offset;
    private final @Nullable Path library;

    /** @param wanted whether it shall be settable; a JVM with libfaketime now and then hangs at its start */
    FakeClock(Path offset, boolean wanted) {
        this.offset = offset;
        this.library = !wanted
                ? null
                : Stream.of("x86_64-linux-gnu", "aarch64-linux-gnu")
                        .map(machine -> Path.of("/usr/lib", machine, "faketime", "libfaketimeMT.so.1"))
                        .filter(Files::isReadable)
                        .findFirst()
                        .orElse(null);
        set(0);
    }

    boolean canBeSet() {
        return library != null;
    }

    Command in(Command command) {
        return library == null
                ? command
                : command.env("LD_PRELOAD", library.toString())
                        .env("FAKETIME_TIMESTAMP_FILE", offset.toString())
                        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                        .env("FAKETIME_CACHE_DURATION", "1");
    }

    /** Takes effect within a second. */
    void set(long seconds) {
        Stand.write(offset, String.format(Locale.ROOT, "%+d%n", seconds));
    }
}
