package dev.exeat.testkit.fuzz;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** An input that breaks what must hold; the message says how to feed it again. */
public final class FuzzFailure extends AssertionError {
    private static final long serialVersionUID = 1;
    private final transient Path reproducer;

    FuzzFailure(String message, @Nullable Throwable cause, Path reproducer) {
        super(message, cause);
        this.reproducer = reproducer;
    }

    /** The file that holds the input. */
    public Path reproducer() {
        return reproducer;
    }
}
