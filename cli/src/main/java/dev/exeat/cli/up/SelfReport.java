package dev.exeat.cli.up;

import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.control.gateways.GatewayName;
import dev.exeat.control.gateways.GatewayReporter;
import java.nio.file.Path;
import java.time.InstantSource;

/** What this process reports of itself. */
final class SelfReport {
    private SelfReport() {}

    static GatewayReporter.Self of(DataPlaneSettings settings, Path dataDir, String version, InstantSource clock) {
        String name = settings.name();
        return new GatewayReporter.Self(
                name == null ? GatewayName.of(MachineName.get(), dataDir) : name, version, clock.instant());
    }
}
