package dev.exeat.policy.registry;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads ServiceEntry objects. What is wrong is reported; the object is then refused as a whole. */
public final class ServiceEntryReader {
    private static final Map<String, Integer> LOCATIONS = Map.of("MESH_EXTERNAL", 0, "MESH_INTERNAL", 1);
    private static final Map<String, Integer> RESOLUTIONS =
            Map.of("NONE", 0, "STATIC", 1, "DNS", 2, "DNS_ROUND_ROBIN", 3, "DYNAMIC_DNS", 4);
    private static final Set<String> PROTOCOLS = Set.of(
            "HTTP", "HTTPS", "HTTP_PROXY", "HTTP2", "GRPC", "GRPC-WEB", "TCP", "TLS", "MONGO", "MYSQL", "REDIS", "UDP");

    private final ObjectKey key;
    private final Fields spec;

    private ServiceEntryReader(ObjectKey key, Fields spec) {
        this.key = key;
        this.spec = spec;
    }

    public static ServiceEntry read(ObjectKey key, Fields spec) {
        return new ServiceEntryReader(key, spec).read();
    }

    private ServiceEntry read() {
        List<HostPattern> hosts = hosts();
        List<ServiceEntry.Port> ports = ports();
        spec.enumerated("location", LOCATIONS, "MESH_EXTERNAL");
        String resolution = spec.enumerated("resolution", RESOLUTIONS, "NONE");
        checkResolution(hosts, resolution);
        addresses();
        boolean local = endpoints(resolution);
        Set<String> exportedTo = exportedTo();
        for (Field item : spec.items("subject_alt_names")) {
            spec.text(item);
        }
        Fields selector = spec.mapping("workload_selector");
        if (selector != null) {
            selector.acceptAll();
            warn("workload_selector", "it selects workloads of a cluster, which have no effect here");
        }
        spec.done();
        return new ServiceEntry(key, hosts, ports, exportedTo, local);
    }

    private List<HostPattern> hosts() {
        List<HostPattern> hosts = new ArrayList<>();
        List<Field> items = spec.items("hosts");
        if (items.isEmpty()) {
            spec.findings()
                    .error(
                            "missing-field",
                            spec.place("hosts"),
                            spec.path("hosts"),
                            "a ServiceEntry needs at least one host",
                            "add hosts: [example.com]");
        }
        for (Field item : items) {
            String text = spec.text(item);
            if (text == null) {
                continue;
            }
            if (text.equals("*")) {
                invalid(item, "invalid host *", "for every host start the gateway with --registry ALLOW_ANY");
                continue;
            }
            try {
                hosts.add(HostPattern.parse(text));
            } catch (InvalidNameException e) {
                invalid(item, "invalid host \"" + text + "\": " + e.getMessage(), "");
            }
        }
        return hosts;
    }

    private List<ServiceEntry.Port> ports() {
        List<ServiceEntry.Port> ports = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        List<Field> items = spec.items("ports");
        if (items.isEmpty()) {
            spec.findings()
                    .error(
                            "missing-field",
                            spec.place("ports"),
                            spec.path("ports"),
                            "a ServiceEntry needs at least one port, or nothing can reach its hosts",
                            "add ports: [{number: 443, name: tls, protocol: TLS}]");
        }
        for (Field item : items) {
            Fields port = spec.mapping(item);
            if (port == null) {
                continue;
            }
            int number = portNumber(port, "number");
            if (port.find("number") == null) {
                port.missing("number");
            }
            String name = port.requiredText("name");
            String protocol = protocol(port);
            portNumber(port, "target_port");
            port.done();
            if (name != null && !names.add(name)) {
                invalid(item, "the port name \"" + name + "\" is given twice", "give each port a name of its own");
            }
            if (number > 0 && !numbers.add(number)) {
                invalid(item, "the port " + number + " is given twice", "remove one");
            }
            if (number > 0) {
                ports.add(new ServiceEntry.Port(number, protocol));
            }
        }
        return ports;
    }

    private static int portNumber(Fields port, String name) {
        Field field = port.find(name);
        if (field == null) {
            return 0;
        }
        long number = port.number(name, Long.MIN_VALUE);
        if (number < 1 || number > 65535) {
            if (number != Long.MIN_VALUE) { // which stands for what is no number, and is reported already
                port.findings()
                        .error(
                                "invalid-value",
                                field.place(),
                                field.path(),
                                "the port " + number + " is not in 1 to 65535",
                                "");
            }
            return 0;
        }
        return (int) number;
    }

    private static String protocol(Fields port) {
        Field field = port.find("protocol");
        String text = field == null ? null : port.text(field);
        if (field == null || text == null || text.isEmpty()) {
            return "TCP";
        }
        String protocol = text.toUpperCase(Locale.ROOT);
        if (!PROTOCOLS.contains(protocol)) {
            port.findings()
                    .error(
                            "unknown-value",
                            field.place(),
                            field.path(),
                            "unknown protocol \"" + text + "\"",
                            "use TLS, HTTPS or TCP");
        }
        return protocol;
    }

    private void checkResolution(List<HostPattern> hosts, String resolution) {
        boolean dns = resolution.equals("DNS") || resolution.equals("DNS_ROUND_ROBIN");
        for (HostPattern host : hosts) {
            if (host.wildcard() && dns) {
                spec.findings()
                        .error(
                                "invalid-value",
                                spec.place("resolution"),
                                spec.path("resolution"),
                                "the host " + host + " has a wildcard, which resolution " + resolution
                                        + " does not allow",
                                "leave resolution out (NONE): the gateway resolves the name of each connection");
                return;
            }
            if (!host.wildcard() && resolution.equals("DYNAMIC_DNS")) {
                spec.findings()
                        .error(
                                "invalid-value",
                                spec.place("resolution"),
                                spec.path("resolution"),
                                "the host " + host + " has no wildcard, which resolution DYNAMIC_DNS needs",
                                "use resolution: DNS");
                return;
            }
        }
    }

    private void addresses() {
        for (Field item : spec.items("addresses")) {
            String text = spec.text(item);
            try {
                if (text != null) {
                    Cidr.parse(text);
                }
            } catch (InvalidNameException e) {
                invalid(item, "invalid address \"" + text + "\": " + e.getMessage(), "use 192.0.2.1 or 192.0.2.0/24");
            }
        }
    }

    /** Whether all endpoints are on this machine. */
    private boolean endpoints(String resolution) {
        List<Field> items = spec.items("endpoints");
        boolean local = !items.isEmpty();
        for (Field item : items) {
            Fields endpoint = spec.mapping(item);
            if (endpoint == null) {
                continue;
            }
            Field address = endpoint.find("address");
            String text = address == null ? null : endpoint.text(address);
            if (address != null && text != null) {
                checkEndpoint(address, text, resolution);
            }
            local &= text != null && (text.equals("::1") || text.startsWith("127."));
            endpoint.accept("ports", "labels", "network", "locality", "weight", "service_account");
            endpoint.done();
        }
        if (local) {
            return true;
        }
        if (!items.isEmpty()) {
            warn("endpoints", "the gateway dials the addresses that the host's own name resolves to");
        } else if (resolution.equals("STATIC") && spec.find("workload_selector") == null) {
            spec.findings()
                    .error(
                            "missing-field",
                            spec.place("resolution"),
                            spec.path("endpoints"),
                            "resolution STATIC needs endpoints",
                            "leave resolution out");
        }
        return false;
    }

    private void checkEndpoint(Field address, String text, String resolution) {
        boolean valid;
        try {
            IpAddress.parse(text);
            valid = true;
        } catch (InvalidNameException e) {
            valid = !resolution.equals("STATIC") && isName(text);
        }
        if (!valid && !text.startsWith("unix://")) {
            invalid(address, "invalid endpoint address \"" + text + "\"", "use an IP address");
        }
    }

    private static boolean isName(String text) {
        try {
            return !HostPattern.parse(text).wildcard();
        } catch (InvalidNameException e) {
            return false;
        }
    }

    private Set<String> exportedTo() {
        Set<String> namespaces = new HashSet<>();
        List<Field> items = spec.items("export_to");
        for (Field item : items) {
            String text = spec.text(item);
            if (text == null || text.equals("~")) {
                continue;
            }
            if (text.isEmpty()) {
                invalid(item, "the namespace is empty", "use \".\" for the entry's own namespace, or \"*\" for all");
            }
            namespaces.add(text.equals(".") ? key.namespace() : text);
        }
        return items.isEmpty() ? Set.of("*") : namespaces;
    }

    private void warn(String name, String message) {
        Field field = spec.find(name);
        if (field != null) {
            spec.findings()
                    .warning("no-effect", field.place(), field.path(), "the field has no effect: " + message, "");
        }
    }

    private void invalid(Field field, String message, String cure) {
        spec.findings().error("invalid-value", field.place(), field.path(), message, cure);
    }
}
