package dev.exeat.cli.options;

import dev.exeat.model.HostPattern;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that choose among open connections; what is not given matches all. */
public final class ConnectionFilter {
    @Option(
            names = "--identity",
            paramLabel = "ID",
            description = "Only of this identity: a SPIFFE ID, or NS/SERVICE-ACCOUNT.",
            converter = IdentityConverter.class)
    private @Nullable String identity;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Only to this host, in any letter case; *.domain for all below it, * for all.",
            converter = HostPatternConverter.class)
    private @Nullable HostPattern host;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "Only those that this object decided, as in rule/istio-system/check-access.")
    private @Nullable String rule;

    public boolean isEmpty() {
        return identity == null && host == null && rule == null;
    }

    /** As arguments of a question to a running gateway. */
    public Map<String, String> arguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        if (identity != null) {
            arguments.put("identity", identity);
        }
        if (host != null) {
            arguments.put("host", host.toString());
        }
        if (rule != null) {
            arguments.put("rule", rule);
        }
        return arguments;
    }
}
