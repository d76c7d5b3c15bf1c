package dev.exeat.cli.settings;

import java.nio.file.Path;

/**
 * The roots of another trust domain, whose identities are trusted as far as they vouch for them.
 *
 * @param file PEM certificates, read again when it changes
 */
public record FederatedBundle(String trustDomain, Path file) {}
