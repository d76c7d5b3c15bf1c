package dev.exeat.cli.options;

import dev.exeat.cli.options.LabelConverter.Label;
import dev.exeat.cli.settings.Compat;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.SpiffeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a gateway is, as far as policies are read by it: for the gateway itself, and for commands that read them as it does. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class GatewayTraits {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--trust-domain",
            paramLabel = "TD",
            defaultValue = "cluster.local",
            description = "The SPIFFE trust domain (${DEFAULT-VALUE}).")
    private String trustDomain;

    @Option(
            names = "--registry",
            paramLabel = "MODE",
            defaultValue = "REGISTRY_ONLY",
            description = "REGISTRY_ONLY: only hosts of a ServiceEntry; ALLOW_ANY: every host (${DEFAULT-VALUE}).")
    private RegistryMode registry;

    @Option(
            names = "--compat",
            paramLabel = "mixer",
            description = "Give the gateway the workload labels that Istio's egress samples match on.")
    private @Nullable Compat compat;

    @Option(
            names = "--label",
            paramLabel = "K=V",
            split = ",",
            hideParamSyntax = true,
            converter = LabelConverter.class,
            description = "A workload label of the gateway, for policies to match on. Repeatable.")
    private List<Label> labels = List.of();

    /** @throws ParameterException if it is none */
    public String trustDomain() {
        try {
            SpiffeId.checkTrustDomain(trustDomain);
            return trustDomain;
        } catch (InvalidNameException e) {
            throw new ParameterException(
                    command.commandLine(), "Invalid value for option '--trust-domain': " + e.getMessage());
        }
    }

    public RegistryMode registry() {
        return registry;
    }

    public @Nullable Compat compat() {
        return compat;
    }

    /** @throws ParameterException if one is given twice with different values */
    public Map<String, String> labels() {
        Map<String, String> map = new LinkedHashMap<>();
        for (Label label : labels) {
            String before = map.put(label.key(), label.value());
            if (before != null && !before.equals(label.value())) {
                throw new ParameterException(
                        command.commandLine(), "--label " + label.key() + " is given twice with different values");
            }
        }
        return map;
    }
}
