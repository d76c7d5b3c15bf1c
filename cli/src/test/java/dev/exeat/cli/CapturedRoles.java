package dev.exeat.cli;

import dev.exeat.cli.role.Role;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.cli.settings.UpSettings;
import java.util.ArrayList;
import java.util.List;

/** Keeps the settings that a command line came to, and refuses to run. */
final class CapturedRoles implements RoleFactory {
    final List<Object> settings = new ArrayList<>();

    @Override
    public Role up(UpSettings up) {
        return refuse(up);
    }

    @Override
    public Role gateway(GatewaySettings gateway) {
        return refuse(gateway);
    }

    @Override
    public Role proxy(ProxySettings proxy) {
        return refuse(proxy);
    }

    private Role refuse(Object given) {
        settings.add(given);
        throw new CommandFailure(ExitCode.FAILED, "captured");
    }
}
