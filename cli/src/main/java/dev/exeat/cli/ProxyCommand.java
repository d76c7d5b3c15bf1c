package dev.exeat.cli;

import dev.exeat.cli.options.AddressConverter;
import dev.exeat.cli.options.CaptureOptions;
import dev.exeat.cli.options.EndpointConverter;
import dev.exeat.cli.options.EnrolmentOptions;
import dev.exeat.cli.options.LimitOptions;
import dev.exeat.cli.options.RoleOptions;
import dev.exeat.cli.options.SpiffeIdConverter;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.settings.OnDeny;
import dev.exeat.cli.settings.ProxySettings;
import dev.exeat.model.SpiffeId;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code exeat proxy}. */
@Command(
        name = "proxy",
        abbreviateSynopsis = true,
        description = "Run the workload's side: takes the application's connections, and tunnels them to the gateway.",
        footer = {
            "",
            "Applications use it as an HTTP or SOCKS5 proxy: https_proxy=http://127.0.0.1:10128 curl https://...",
            "Prints 'ready {...}' with every bound address on standard error once it serves."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ProxyCommand implements Callable<Integer> {
    private final RoleFactory roles;
    private final RoleRunner runner;

    @Mixin
    private EnrolmentOptions enrolment;

    @Option(
            names = "--gateway",
            paramLabel = "A:P",
            split = ",",
            hideParamSyntax = true,
            required = true,
            converter = EndpointConverter.class,
            description = "The gateway's --tunnel address; several are tried in order. Repeatable.")
    private List<InetSocketAddress> gateways;

    @Option(
            names = "--gateway-id",
            paramLabel = "SPIFFE_ID",
            converter = SpiffeIdConverter.class,
            description =
                    "Whom the gateway must be" + " (spiffe://<own trust domain>/ns/exeat-system/sa/exeat-gateway).")
    private @Nullable SpiffeId gatewayId;

    @Option(
            names = "--listen",
            paramLabel = "A:P",
            defaultValue = "127.0.0.1:10128",
            converter = AddressConverter.class,
            description = "Where applications connect, with HTTP CONNECT or SOCKS5 (${DEFAULT-VALUE}).")
    private InetSocketAddress listen;

    @Option(
            names = "--on-deny",
            paramLabel = "http|alert",
            defaultValue = "http",
            description = "Tell a denial by status 403 with JSON, or by a TLS alert (${DEFAULT-VALUE}).")
    private OnDeny onDeny;

    @Option(
            names = "--admin",
            paramLabel = "A:P",
            defaultValue = "127.0.0.1:10991",
            converter = AddressConverter.class,
            description = "Serve /livez, /readyz and /metrics here, without a password (${DEFAULT-VALUE}).")
    private InetSocketAddress admin;

    @Mixin
    private CaptureOptions capture;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private RoleOptions role;

    ProxyCommand(RoleFactory roles, RoleRunner runner) {
        this.roles = roles;
        this.runner = runner;
    }

    @Override
    public Integer call() {
        ProxySettings settings = settings();
        return runner.run("proxy", settings.role(), () -> roles.proxy(settings));
    }

    ProxySettings settings() {
        return new ProxySettings(
                enrolment.settings(),
                gateways,
                gatewayId,
                listen,
                admin,
                onDeny,
                capture.settings(),
                limits.settings(),
                role.settings(null));
    }
}
