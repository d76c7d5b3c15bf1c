package dev.exeat.policy.diff;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Node;
import dev.exeat.model.Resource;
import dev.exeat.model.ServerName;
import dev.exeat.model.SpiffeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Collects the names in policies of every kind: texts that are SPIFFE IDs, principals or hosts, on their own or as
 * literals of an expression, and the fields that name accounts, namespaces and ports. A text that only looks like a name
 * does no harm: both sets of policies are asked about it. Not thread-safe.
 */
final class PopulationScan {
    private static final int HTTPS = 443;
    private static final int MAX_PORT = 65_535;
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

    private final String trustDomain;
    private final Set<SpiffeId> identities = new TreeSet<>(Comparator.comparing(SpiffeId::toString));
    private final Set<ServerName> hosts = new TreeSet<>(Comparator.comparing(ServerName::value));
    private final Set<String> namespaces = new TreeSet<>();
    private final Set<IpAddress> addresses = new LinkedHashSet<>();
    private boolean conditional;
    private final Set<Integer> ports = new TreeSet<>(Set.of(HTTPS));

    PopulationScan(String trustDomain) {
        this.trustDomain = trustDomain;
        namespaces.add(Population.OTHER_NAMESPACE);
        hosts.add(ServerName.parse(Population.OTHER_HOST));
        addresses.add(LOOPBACK);
    }

    void add(Resource resource) {
        String namespace = resource.key().namespace();
        String name = resource.key().name();
        switch (resource.key().kind()) {
            case "ServiceAccount" -> account(namespace, name);
            case "Namespace" -> namespaces.add(name);
            default -> {
                Node spec = resource.body().get("spec");
                if (spec != null) {
                    namespaces.add(namespace);
                    walk("", spec, namespace);
                }
            }
        }
    }

    private void walk(String field, Node node, String namespace) {
        switch (node) {
            case Node.Mapping mapping -> {
                conditional |= mapping.fields().containsKey("conditions");
                mapping.fields().forEach((key, value) -> walk(key, value, namespace));
            }
            case Node.Sequence sequence -> sequence.items().forEach(item -> walk(field, item, namespace));
            case Node.Scalar scalar -> scalar(field, scalar.text(), namespace);
        }
    }

    private void scalar(String field, String text, String namespace) {
        switch (field) {
            case "serviceAccounts", "service_accounts" -> {
                int slash = text.indexOf('/');
                account(slash < 0 ? namespace : text.substring(0, slash), text.substring(slash + 1));
            }
            case "namespaces" -> {
                if (text.indexOf('*') < 0) {
                    namespaces.add(text);
                }
            }
            case "ports", "port", "number" -> port(text);
            case "cidrs", "ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks" -> block(text);
            // Of attributes, objects and adapters, which are written like hosts.
            case "key",
                    "name",
                    "handler",
                    "instances",
                    "template",
                    "adapter",
                    "compiledTemplate",
                    "compiledAdapter" -> {}
            default -> {
                name(text);
                literals(text);
            }
        }
    }

    /** The texts in quotes of an expression. */
    private void literals(String expression) {
        for (int open = expression.indexOf('"'); open >= 0; ) {
            int close = expression.indexOf('"', open + 1);
            if (close < 0) {
                return;
            }
            name(expression.substring(open + 1, close));
            open = expression.indexOf('"', close + 1);
        }
    }

    private void name(String text) {
        if (text.startsWith(SpiffeId.SCHEME)) {
            identity(text);
        } else if (text.contains("/ns/") && text.contains("/sa/")) {
            identity(SpiffeId.SCHEME + text);
        } else if (text.indexOf('/') > 0) {
            block(text);
        } else if (text.indexOf('.') > 0 && text.length() <= ServerName.MAX_LENGTH + 2) {
            host(text);
        }
    }

    private void identity(String pattern) {
        try {
            identities.add(SpiffeId.parse(pattern.replace("**", "*").replace("*", Population.OTHER_ACCOUNT)));
        } catch (InvalidNameException e) {
            return; // It is no identity, so nobody has it.
        }
    }

    private void account(String namespace, String name) {
        namespaces.add(namespace);
        identity(SpiffeId.SCHEME + trustDomain + "/ns/" + namespace + "/sa/" + name);
    }

    private void host(String text) {
        try {
            HostPattern pattern = HostPattern.parse(text);
            add(pattern.suffix());
            if (pattern.wildcard()) {
                add(Population.OTHER_LABEL + "." + pattern.suffix());
            }
        } catch (InvalidNameException e) {
            return; // It is no host, so nobody asks for it.
        }
    }

    private void add(String host) {
        try {
            hosts.add(ServerName.parse(host));
        } catch (InvalidNameException e) {
            return; // What a wildcard stands before need not be a name itself.
        }
    }

    /** Its first address stands for all of it. */
    private void block(String text) {
        try {
            addresses.add(Cidr.parse(text).address());
        } catch (InvalidNameException e) {
            return; // It is no block, so nobody is in it.
        }
    }

    private void port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                ports.add(port);
            }
        } catch (NumberFormatException e) {
            return;
        }
    }

    Population population() {
        namespaces.forEach(namespace ->
                identity(SpiffeId.SCHEME + trustDomain + "/ns/" + namespace + "/sa/" + Population.OTHER_ACCOUNT));
        List<Client> clients = new ArrayList<>();
        addresses.forEach(address -> clients.add(new Client(null, address)));
        identities.forEach(identity -> clients.add(new Client(identity, LOOPBACK)));
        List<HostPort> targets = new ArrayList<>();
        for (ServerName host : hosts) {
            ports.forEach(port -> targets.add(new HostPort(host, port)));
        }
        return new Population(clients, targets, conditional);
    }
}
