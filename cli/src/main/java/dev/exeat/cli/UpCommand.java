package dev.exeat.cli;

import dev.exeat.cli.options.AddressConverter;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.cli.options.DataPlaneOptions;
import dev.exeat.cli.options.RoleOptions;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.settings.AuthoritySettings;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.LabPods;
import dev.exeat.cli.settings.LabSettings;
import dev.exeat.cli.settings.RoleSettings;
import dev.exeat.cli.settings.UpSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat up}. */
@Command(
        name = "up",
        abbreviateSynopsis = true,
        description = "Run the embedded default: authority, resource API and gateway in one process.",
        footer = {
            "",
            "Prints 'ready {...}' with every bound address on standard error once it serves, and writes",
            "the same JSON to DATA_DIR/ready.json. The trust bundle is DATA_DIR/bundle.pem."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class UpCommand implements Callable<Integer> {
    private static final Duration LEAST_SVID_TTL = Duration.ofMinutes(1);

    private final RoleFactory roles;
    private final RoleRunner runner;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private DataDirectoryOption dataDirectory;

    @Option(
            names = "--api",
            paramLabel = "A:P",
            defaultValue = "127.0.0.1:10943",
            converter = AddressConverter.class,
            description = "Where CSRs and resources go, over TLS (${DEFAULT-VALUE}).")
    private InetSocketAddress api;

    @Option(
            names = "--svid-ttl",
            paramLabel = "T",
            defaultValue = "24h",
            description = "Life of issued certificates, from 1m (${DEFAULT-VALUE}).")
    private Duration svidTtl;

    @Option(
            names = "--gateway-name",
            paramLabel = "NAME",
            split = ",",
            hideParamSyntax = true,
            description = "One more DNS name or IP address under which clients reach this gateway. Repeatable.")
    private List<String> gatewayNames = List.of();

    @Option(
            names = "--lab",
            description =
                    "Make pods of Deployments, for trying policies out: kubectl exec runs commands of this machine"
                            + " in them. Only with --api on a loopback address.")
    private boolean lab;

    @Option(
            names = "--lab-pods",
            paramLabel = "auto|namespace|process",
            defaultValue = "auto",
            description =
                    "What pods are: network namespaces where one can be made, processes with HTTPS_PROXY elsewhere;"
                            + " or always one of both (${DEFAULT-VALUE}).")
    private LabPods labPods;

    @Mixin
    private DataPlaneOptions dataPlane;

    @Mixin
    private RoleOptions role;

    UpCommand(RoleFactory roles, RoleRunner runner, Map<String, String> environment) {
        this.roles = roles;
        this.runner = runner;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        UpSettings settings = settings();
        return runner.run("up", settings.role(), () -> roles.up(settings));
    }

    UpSettings settings() {
        if (svidTtl.compareTo(LEAST_SVID_TTL) < 0) {
            throw new ParameterException(command.commandLine(), "--svid-ttl is at least 1m");
        }
        DataPlaneSettings settings = dataPlane.settings(environment);
        if (lab && !api.getAddress().isLoopbackAddress()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--lab lets the operator run commands on this machine over the API: --api must be a loopback address");
        }
        Path data = dataDirectory.resolve(environment);
        RoleSettings roleSettings = role.settings(data.resolve(RoleRunner.READY_FILE));
        return new UpSettings(
                data,
                new AuthoritySettings(api, svidTtl, gatewayNames),
                settings,
                new LabSettings(lab, labPods),
                roleSettings);
    }
}
