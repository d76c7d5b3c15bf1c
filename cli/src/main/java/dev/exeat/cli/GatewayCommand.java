package dev.exeat.cli;

import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.cli.options.DataPlaneOptions;
import dev.exeat.cli.options.GatewayIdentityOptions;
import dev.exeat.cli.options.RoleOptions;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.settings.GatewaySettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code exeat gateway}. */
@Command(
        name = "gateway",
        abbreviateSynopsis = true,
        description = "Run the data plane alone, with an identity from files or from an 'exeat up' elsewhere.",
        footer = {
            "",
            "The identity comes from --svid-dir, or from --server with --token-file: one of the two is needed.",
            "With --server the gateway enforces what the server holds beside its own --manifests, keeps it in the",
            "data directory for when the server is away, and reports what is in force.",
            "Prints 'ready {...}' with every bound address on standard error once it serves, and writes",
            "the same JSON to DATA_DIR/ready.json."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class GatewayCommand implements Callable<Integer> {
    private final RoleFactory roles;
    private final RoleRunner runner;
    private final Map<String, String> environment;

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Mixin
    private GatewayIdentityOptions identity;

    @Mixin
    private DataPlaneOptions dataPlane;

    @Mixin
    private RoleOptions role;

    GatewayCommand(RoleFactory roles, RoleRunner runner, Map<String, String> environment) {
        this.roles = roles;
        this.runner = runner;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        GatewaySettings settings = settings();
        return runner.run("gateway", settings.role(), () -> roles.gateway(settings));
    }

    GatewaySettings settings() {
        Path data = dataDirectory.resolve(environment);
        return new GatewaySettings(
                data,
                identity.source(),
                identity.server(),
                dataPlane.settings(environment),
                role.settings(data.resolve(RoleRunner.READY_FILE)));
    }
}
