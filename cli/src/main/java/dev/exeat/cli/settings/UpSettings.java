package dev.exeat.cli.settings;

import java.nio.file.Path;

/**
 * {@code exeat up}: authority, resource API and gateway in one process, state in one directory.
 */
public record UpSettings(
        Path dataDir, AuthoritySettings authority, DataPlaneSettings dataPlane, LabSettings lab, RoleSettings role) {}
