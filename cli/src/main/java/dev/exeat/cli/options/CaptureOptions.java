package dev.exeat.cli.options;

import dev.exeat.cli.settings.CaptureSettings;
import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.proxy.capture.ReservedAddresses;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of traffic that the kernel redirects to a workload proxy. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class CaptureOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--transparent",
            paramLabel = "A:P",
            split = ",",
            hideParamSyntax = true,
            converter = AddressConverter.class,
            description = "Take connections that the kernel redirects here, for example 127.0.0.1:10129. Repeatable.")
    private @Nullable List<InetSocketAddress> transparent;

    @Option(
            names = "--dns",
            paramLabel = "A:P",
            split = ",",
            hideParamSyntax = true,
            converter = AddressConverter.class,
            description =
                    "Answer every question for a name here, asking nobody, for example 127.0.0.1:10053. Repeatable.")
    private @Nullable List<InetSocketAddress> dns;

    @Option(
            names = "--dns-range",
            paramLabel = "CIDR",
            split = ",",
            hideParamSyntax = true,
            defaultValue = "198.18.0.0/15,2001:2::/48",
            converter = CidrConverter.class,
            description = "Addresses that stand for names, one block for each family (${DEFAULT-VALUE}).")
    private List<Cidr> ranges;

    /** @throws ParameterException if the blocks are not one of each family */
    public CaptureSettings settings() {
        try {
            new ReservedAddresses(ranges, List.of());
        } catch (InvalidNameException e) {
            throw new ParameterException(command.commandLine(), "--dns-range: " + e.getMessage());
        }
        return new CaptureSettings(
                transparent == null ? List.of() : transparent, dns == null ? List.of() : dns, ranges);
    }
}
