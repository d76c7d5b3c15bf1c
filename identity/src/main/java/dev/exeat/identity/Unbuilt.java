package dev.exeat.identity;

/** Stands for a body that follows in the next commits; goes with the last of them. */
final class Unbuilt {
    private Unbuilt() {}

    @SuppressWarnings({"TypeParameterUnusedInFormals", "DoNotCallSuggester"})
    static <T> T value() {
        throw new UnsupportedOperationException("not built yet");
    }
}
