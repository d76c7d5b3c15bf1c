package dev.exeat.proxy.dial;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ServerName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes instead of the host and port it names, with the meaning of curl's {@code --connect-to}:
 * the first rule that matches is taken, and only once. Only where to dial changes, never which name is decided on.
 * Immutable.
 */
public final class ConnectTo {

    /** Where to dial: an address, or a name that is to be resolved. */
    public sealed interface Target {
        int port();

        record Address(IpAddress address, int port) implements Target {}

        record Name(ServerName name, int port) implements Target {}
    }

    /** Null and 0 stand for "any" on the left side and "the same" on the right. */
    private record Rule(
            @Nullable HostPattern host,
            int port,
            @Nullable IpAddress address,
            @Nullable ServerName name,
            int targetPort) {
        boolean matches(ServerName wanted, int wantedPort) {
            return (host == null || host.matches(wanted)) && (port == 0 || port == wantedPort);
        }

        Target target(ServerName wanted, int wantedPort) {
            int dialled = targetPort == 0 ? wantedPort : targetPort;
            if (address != null) {
                return new Target.Address(address, dialled);
            }
            return new Target.Name(name == null ? wanted : name, dialled);
        }
    }

    private static final String FORM =
            " Write HOST:PORT:ADDR:PORT, as in en.example.com:443:127.0.0.1:8443 or *.example.com::[::1]:8443.";

    private final List<Rule> rules;

    private ConnectTo(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** No rule: every connection goes where it says. */
    public static ConnectTo none() {
        return new ConnectTo(List.of());
    }

    /**
     * Reads rules {@code HOST:PORT:ADDR:PORT}. HOST may be {@code *.domain}; HOST and the first PORT may be empty and
     * then match any; ADDR is an address (IPv6 in brackets) or a name, and it or its port may be empty for "the same".
     *
     * @throws IllegalArgumentException if one is not of this form; the message is for the operator
     */
    public static ConnectTo parse(List<String> texts) {
        List<Rule> rules = new ArrayList<>(texts.size());
        for (String text : texts) {
            try {
                rules.add(rule(text));
            } catch (InvalidNameException e) {
                throw new IllegalArgumentException(
                        "The rule '" + text + "' is not valid: " + e.getMessage() + "." + FORM, e);
            }
        }
        return new ConnectTo(rules);
    }

    private static Rule rule(String text) {
        List<String> parts = split(text);
        if (parts.size() != 4) {
            throw new IllegalArgumentException(
                    "The rule '" + text + "' has " + parts.size() + " parts instead of four." + FORM);
        }
        HostPattern host = parts.get(0).isEmpty() ? null : HostPattern.parse(parts.get(0));
        String to = parts.get(2);
        IpAddress address = null;
        ServerName name = null;
        if (to.startsWith("[")) {
            address = IpAddress.parse(to.substring(1, to.length() - 1));
        } else if (!to.isEmpty() && to.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            address = IpAddress.parse(to);
        } else if (!to.isEmpty()) {
            name = ServerName.parse(to);
        }
        return new Rule(host, port(parts.get(1)), address, name, port(parts.get(3)));
    }

    /** Splits at colons that stand outside of brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        boolean bracket = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ':' : text.charAt(i);
            if (i == text.length() || (c == ':' && !bracket)) {
                parts.add(text.substring(start, i));
                start = i + 1;
            } else if (c == '[') {
                bracket = true;
            } else if (c == ']') {
                bracket = false;
            }
        }
        for (String part : parts) {
            if (part.startsWith("[") && (part.length() < 3 || !part.endsWith("]"))) {
                throw new InvalidNameException("the bracket of '" + part + "' is not closed");
            }
        }
        return parts;
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        boolean digits = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65535) {
            throw new InvalidNameException("'" + text + "' is not a port in 1 to 65535");
        }
        return port;
    }

    /** Where to dial for the name and port; the name itself if no rule matches. */
    public Target target(ServerName host, int port) {
        for (Rule rule : rules) {
            if (rule.matches(host, port)) {
                return rule.target(host, port);
            }
        }
        return new Target.Name(host, port);
    }
}
