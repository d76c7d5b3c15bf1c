package dev.exeat.identity;

import java.nio.file.Path;

/** An SVID as the files svid.pem, key.pem and bundle.pem. */
public final class SvidFiles {
    private SvidFiles() {}

    /** Writes the three atomically, the key with mode 0600. */
    public static void write(Path directory, Svid svid, TrustBundle bundle) {
        Unbuilt.value();
    }

    /** Writes the roots of a trust domain as PEM, atomically. */
    public static void writeBundle(Path file, TrustBundle bundle, String trustDomain) {
        Unbuilt.value();
    }
}
