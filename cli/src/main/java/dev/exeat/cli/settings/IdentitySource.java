package dev.exeat.cli.settings;

import java.nio.file.Path;

/** Where a gateway without an authority of its own gets its SVID and trust bundle. */
public sealed interface IdentitySource {

    /** PEM files {@code svid.pem}, {@code key.pem} and {@code bundle.pem} in a directory, read again when they change. */
    record SvidDirectory(Path directory) implements IdentitySource {}

    record Server(Enrolment enrolment) implements IdentitySource {}
}
