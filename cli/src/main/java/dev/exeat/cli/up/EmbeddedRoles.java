package dev.exeat.cli.up;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.role.Role;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.cli.settings.UpSettings;

/** The roles of this program. */
public final class EmbeddedRoles implements RoleFactory {

    @Override
    public Role up(UpSettings settings) {
        throw notBuilt("up");
    }

    @Override
    public Role gateway(GatewaySettings settings) {
        throw notBuilt("gateway");
    }

    @Override
    public Role proxy(ProxySettings settings) {
        throw notBuilt("proxy");
    }

    private static CommandFailure notBuilt(String role) {
        return new CommandFailure("this build has no role '" + role + "'");
    }
}
