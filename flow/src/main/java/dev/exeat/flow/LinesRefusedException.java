package dev.exeat.flow;

import java.io.IOException;

/** A sink will not take these lines, however often it is tried. */
public final class LinesRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public LinesRefusedException(String message) {
        super(message);
    }
}
