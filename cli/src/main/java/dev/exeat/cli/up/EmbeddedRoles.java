package dev.exeat.cli.up;

import dev.exeat.cli.lab.OwnRoot;
import dev.exeat.cli.role.Role;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.settings.GatewaySettings;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.cli.settings.UpSettings;
import dev.exeat.net.NativeCode;

/** The roles of this program. */
public final class EmbeddedRoles implements RoleFactory {
    private final String version;

    /** Begins what each of them needs, while their options are read. */
    public static void prepare() {
        NativeCode.loadAhead();
    }

    /** @param version of the program, for the metrics */
    public EmbeddedRoles(String version) {
        this.version = version;
    }

    @Override
    public Role up(UpSettings settings) {
        if (settings.lab().on()) {
            OwnRoot.become(settings.lab().pods(), System.getenv());
        }
        return new UpRole(settings, version);
    }

    @Override
    public Role gateway(GatewaySettings settings) {
        return new GatewayRole(settings, version);
    }

    @Override
    public Role proxy(ProxySettings settings) {
        return new ProxyRole(settings, version);
    }
}
