package dev.exeat.cli.options;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Options that choose among open connections; what is not given matches all. */
public final class ConnectionFilter {
    @Option(
            names = "--identity",
            paramLabel = "ID",
            description = "Only of this identity: a SPIFFE ID, or NS/SERVICE-ACCOUNT.")
    private @Nullable String identity;

    @Option(names = "--host", paramLabel = "HOST", description = "Only to this host; *.domain for all below it.")
    private @Nullable String host;

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            description = "Only those that this object decided, as in rule/istio-system/check-access.")
    private @Nullable String rule;

    public boolean isEmpty() {
        return identity == null && host == null && rule == null;
    }

    /** @param connection in the words of the record */
    public boolean admits(JsonNode connection) {
        return (identity == null || isIdentity(connection.path("identity").asString("")))
                && (host == null || isHost(connection.path("host").asString("")))
                && (rule == null || isRule(connection.path("rule").asString("")));
    }

    private boolean isIdentity(String spiffeId) {
        String wanted = String.valueOf(identity);
        int slash = wanted.indexOf('/');
        return spiffeId.equals(wanted)
                || (slash > 0
                        && !wanted.startsWith("spiffe:")
                        && spiffeId.endsWith(
                                "/ns/" + wanted.substring(0, slash) + "/sa/" + wanted.substring(slash + 1)));
    }

    private boolean isHost(String name) {
        String wanted = String.valueOf(host);
        return wanted.startsWith("*.") ? name.endsWith(wanted.substring(1)) : name.equals(wanted);
    }

    /** With or without the index of the rule within its object. */
    private boolean isRule(String reference) {
        return reference.equals(rule) || reference.startsWith(rule + "[");
    }
}
