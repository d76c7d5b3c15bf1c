package dev.exeat.cli.role;

import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.cli.settings.UpSettings;

/** Makes roles from their settings. Making one takes hold of nothing yet. */
public interface RoleFactory {
    Role up(UpSettings settings);

    Role gateway(GatewaySettings settings);

    Role proxy(ProxySettings settings);
}
