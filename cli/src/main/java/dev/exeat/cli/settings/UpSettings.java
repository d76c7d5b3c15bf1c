package dev.exeat.cli.settings;

import java.nio.file.Path;

/**
 * {@code exeat up}: authority, resource API and gateway in one process, state in one directory.
 *
 * @param lab whether deployments become pods, in which commands can be run
 */
public record UpSettings(
        Path dataDir, AuthoritySettings authority, DataPlaneSettings dataPlane, boolean lab, RoleSettings role) {}
