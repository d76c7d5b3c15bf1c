package dev.exeat.flow;

import java.io.IOException;

/** A sink will not take some lines, however often it is tried. */
public final class LinesRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long lines;

    /** @param lines how many of those that were to be written; no more than there were count */
    public LinesRefusedException(String message, long lines) {
        super(message);
        this.lines = lines;
    }

    long lines() {
        return lines;
    }
}
