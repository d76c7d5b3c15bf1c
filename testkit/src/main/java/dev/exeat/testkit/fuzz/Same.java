package dev.exeat.testkit.fuzz;

import java.util.Objects;

/** A comparison that costs little while it holds, for what is compared a million times. */
public final class Same {
    private Same() {}

    /** @throws AssertionError unless the two are equal; it says both */
    public static void require(String what, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(what + ": expected " + expected + " but was " + actual);
        }
    }
}
