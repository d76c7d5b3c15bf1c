package dev.exeat.cli.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code exeat gateway}: the data plane alone.
 *
 * @param server whose objects are followed, or null for those of the manifests alone
 */
public record GatewaySettings(
        Path dataDir,
        IdentitySource identity,
        @Nullable Enrolment server,
        DataPlaneSettings dataPlane,
        RoleSettings role) {}
