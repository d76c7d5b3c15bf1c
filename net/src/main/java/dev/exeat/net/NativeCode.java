package dev.exeat.net;

/** The native side of this module: system calls and BoringSSL. */
public final class NativeCode {
    private NativeCode() {}

    /**
     * Begins to load it on a thread of its own, so that a program that starts can read its configuration meanwhile.
     * Returns at once. What fails here fails again where it is needed, and is told there.
     */
    public static void loadAhead() {
        Thread.ofPlatform().daemon().name("load-ahead").start(() -> {
            try {
                BoringSsl.require();
            } catch (RuntimeException | LinkageError e) {
                // Needed first by a TlsContext, which tells.
            }
        });
    }
}
