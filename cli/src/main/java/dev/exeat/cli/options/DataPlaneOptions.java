package dev.exeat.cli.options;

import dev.exeat.cli.settings.AllowAddress;
import dev.exeat.cli.settings.ChangeSettings;
import dev.exeat.cli.settings.ConnectTo;
import dev.exeat.cli.settings.DataPlaneSettings;
import dev.exeat.cli.settings.DestinationSettings;
import dev.exeat.cli.settings.FederatedBundle;
import dev.exeat.cli.settings.ListenerSettings;
import dev.exeat.cli.settings.PolicySettings;
import dev.exeat.cli.settings.Tickets;
import dev.exeat.control.gateways.GatewayName;
import dev.exeat.model.Enforcement;
import dev.exeat.proxy.OnChange;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that {@code exeat up} and {@code exeat gateway} share. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DataPlaneOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private PeerLimitOptions peers;

    @Mixin
    private DnsOptions dns;

    @Mixin
    private RecordOptions records;

    @Mixin
    private MetricOptions metrics;

    @Option(
            names = "--manifests",
            paramLabel = "DIR",
            split = ",",
            hideParamSyntax = true,
            description = "Read resources from the YAML and JSON files of this directory, and watch it. Repeatable.")
    private List<Path> manifests = List.of();

    @Option(
            names = "--shadow",
            paramLabel = "DIR",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Decide each connection by the resources of this directory, too: what they would say otherwise"
                            + " is recorded and counted, and changes nothing. Repeatable.")
    private List<Path> shadow = List.of();

    @Option(
            names = "--tunnel",
            paramLabel = "A:P",
            defaultValue = "127.0.0.1:10443",
            converter = AddressConverter.class,
            description = "Where workload proxies and mutual-TLS clients connect (${DEFAULT-VALUE});"
                    + " write 0.0.0.0:10443 to serve other machines.")
    private InetSocketAddress tunnel;

    @Option(
            names = "--tickets",
            paramLabel = "on|off",
            defaultValue = "on",
            description = "Hand out session tickets at --tunnel, so that clients come back without a full handshake;"
                    + " they are judged again all the same (${DEFAULT-VALUE}).")
    private Tickets tickets;

    @Option(
            names = "--plain",
            paramLabel = "A:P",
            converter = AddressConverter.class,
            description = "Take TLS straight from applications here, without an identity (off).")
    private @Nullable InetSocketAddress plain;

    @Option(
            names = "--admin",
            paramLabel = "A:P",
            defaultValue = "127.0.0.1:10990",
            converter = AddressConverter.class,
            description = "Serve /livez, /readyz and /metrics here, without a password (${DEFAULT-VALUE}).")
    private InetSocketAddress admin;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "How exeat status of the server names this gateway (that of the machine, and six digits).")
    private @Nullable String name;

    @Option(
            names = "--takeover",
            description = "Take the place of the process that holds the data directory: it hands over its sockets, so"
                    + " that no connect fails, and drains.")
    private boolean takeover;

    @Mixin
    private GatewayTraits traits;

    @Option(
            names = "--federated-bundle",
            paramLabel = "TD=FILE",
            split = ",",
            hideParamSyntax = true,
            converter = FederatedBundleConverter.class,
            description =
                    "Trust the roots in this PEM file for identities of the trust domain TD; the file is read again"
                            + " when it changes, and without it nobody of TD is trusted. Repeatable.")
    private List<FederatedBundle> federated = List.of();

    @Option(
            names = "--enforcement",
            paramLabel = "MODE",
            defaultValue = "enforce",
            description = "enforce; audit: decide and record, but let pass; disabled: no policies (${DEFAULT-VALUE}).")
    private Enforcement enforcement;

    @Option(
            names = "--resolver",
            paramLabel = "A:P",
            split = ",",
            hideParamSyntax = true,
            converter = ResolverConverter.class,
            description = "Ask this name server, port 53 unless given (those of the system). Repeatable.")
    private List<InetSocketAddress> resolvers = List.of();

    @Option(
            names = "--connect-to",
            paramLabel = "HOST:PORT:ADDR:PORT",
            split = ",",
            hideParamSyntax = true,
            converter = ConnectToConverter.class,
            description = "Dial ADDR:PORT for HOST:PORT; HOST may be *.domain. Repeatable.")
    private List<ConnectTo> connectTo = List.of();

    @Option(
            names = "--allow-address",
            paramLabel = "HOST=CIDR",
            split = ",",
            hideParamSyntax = true,
            converter = AllowAddressConverter.class,
            description = "Let HOST resolve into a block that the address guard forbids. Repeatable.")
    private List<AllowAddress> allowAddress = List.of();

    @Option(
            names = "--on-revoke",
            paramLabel = "keep|drain|cut",
            defaultValue = "cut",
            description = "What becomes of open connections whose identity is revoked or no longer trusted:"
                    + " keep; drain: cut after --drain; cut (${DEFAULT-VALUE}).")
    private OnChange onRevoke;

    @Option(
            names = "--on-policy-change",
            paramLabel = "keep|drain|cut",
            defaultValue = "keep",
            description = "What becomes of open connections that a new policy would deny (${DEFAULT-VALUE}).")
    private OnChange onPolicyChange;

    public DataPlaneSettings settings(Map<String, String> environment) {
        return new DataPlaneSettings(
                traits.trustDomain(),
                checkedFederation(),
                new ListenerSettings(tunnel, tickets, plain, admin, takeover),
                new PolicySettings(manifests, shadow, traits.registry(), enforcement, traits.compat(), traits.labels()),
                new DestinationSettings(resolvers, dns.settings(), connectTo, allowAddress),
                limits.settings(),
                peers.settings(),
                new ChangeSettings(onRevoke, onPolicyChange),
                records.settings(environment),
                metrics.settings(),
                checkedName());
    }

    private @Nullable String checkedName() {
        if (name != null && !GatewayName.isValid(name)) {
            throw new ParameterException(
                    command.commandLine(), "--name has 1 to 253 of a-z, 0-9, hyphen and dot, not " + name);
        }
        return name;
    }

    private List<FederatedBundle> checkedFederation() {
        Set<String> domains = new HashSet<>(Set.of(traits.trustDomain()));
        for (FederatedBundle bundle : federated) {
            if (!domains.add(bundle.trustDomain())) {
                throw new ParameterException(
                        command.commandLine(),
                        "--federated-bundle " + bundle.trustDomain()
                                + (bundle.trustDomain().equals(traits.trustDomain())
                                        ? " is the own trust domain"
                                        : " is given twice; put all roots into one file"));
            }
        }
        return federated;
    }
}
