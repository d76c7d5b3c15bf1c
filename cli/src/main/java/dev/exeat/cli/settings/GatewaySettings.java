package dev.exeat.cli.settings;

import java.nio.file.Path;

/** {@code exeat gateway}: the data plane alone. */
public record GatewaySettings(Path dataDir, IdentitySource identity, DataPlaneSettings dataPlane, RoleSettings role) {}
