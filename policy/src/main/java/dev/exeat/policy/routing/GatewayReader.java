package dev.exeat.policy.routing;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ObjectKey;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.routing.IstioGateway.Mode;
import dev.exeat.policy.routing.IstioGateway.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads Gateway objects. */
public final class GatewayReader {
    private static final Map<String, Integer> MODES = Map.of(
            "PASSTHROUGH", 0, "SIMPLE", 1, "MUTUAL", 2, "AUTO_PASSTHROUGH", 3, "ISTIO_MUTUAL", 4, "OPTIONAL_MUTUAL", 5);

    private final ObjectKey key;
    private final Fields spec;

    private GatewayReader(ObjectKey key, Fields spec) {
        this.key = key;
        this.spec = spec;
    }

    public static IstioGateway read(ObjectKey key, Fields spec) {
        return new GatewayReader(key, spec).read();
    }

    private IstioGateway read() {
        Map<String, String> selector = new HashMap<>();
        spec.entries("selector").forEach((label, field) -> {
            String value = spec.text(field);
            if (value != null) {
                selector.put(label, value);
            }
        });
        List<Server> servers = new ArrayList<>();
        for (Field item : spec.items("servers")) {
            Fields fields = spec.mapping(item);
            Server server = fields == null ? null : server(fields);
            if (server != null) {
                servers.add(server);
            }
        }
        if (servers.isEmpty() && !spec.findings().hasErrors()) {
            spec.missing("servers");
        }
        spec.done();
        return new IstioGateway(key, selector, servers);
    }

    private @Nullable Server server(Fields server) {
        Fields port = server.mapping("port");
        int number = 0;
        if (port == null) {
            server.missing("port");
        } else {
            number = Ports.read(port, "number");
            port.requiredText("name");
            port.requiredText("protocol");
            port.accept("target_port");
            port.done();
        }
        List<HostPattern> hosts = new ArrayList<>();
        List<Field> items = server.items("hosts");
        if (items.isEmpty()) {
            server.missing("hosts");
        }
        for (Field item : items) {
            host(server, item, hosts);
        }
        Mode mode = mode(server);
        server.accept("bind", "name", "default_endpoint");
        server.done();
        return number == 0 || mode == null ? null : new Server(number, mode, hosts);
    }

    /** The part before a slash says from which namespaces routes may come, which makes no difference here. */
    private static void host(Fields server, Field item, List<HostPattern> hosts) {
        String text = server.text(item);
        if (text == null) {
            return;
        }
        try {
            hosts.add(HostPattern.parse(text.substring(text.indexOf('/') + 1)));
        } catch (InvalidNameException e) {
            server.findings()
                    .error(
                            "invalid-value",
                            item.place(),
                            item.path(),
                            "invalid host \"" + text + "\": " + e.getMessage(),
                            "");
        }
    }

    private static @Nullable Mode mode(Fields server) {
        Fields tls = server.mapping("tls");
        if (tls == null) {
            server.findings()
                    .error(
                            "missing-field",
                            server.place(),
                            server.path("tls"),
                            "a server without TLS would take protocols in clear, which Exeat refuses",
                            "add tls: {mode: MUTUAL} for the tunnel listener, or PASSTHROUGH for the plain one");
            return null;
        }
        String mode = tls.enumerated("mode", MODES, "PASSTHROUGH");
        tls.acceptAll();
        return switch (mode) {
            case "PASSTHROUGH" -> Mode.PASSTHROUGH;
            case "MUTUAL", "ISTIO_MUTUAL" -> Mode.MUTUAL;
            default -> {
                tls.findings()
                        .error(
                                "unsupported",
                                tls.place("mode"),
                                tls.path("mode"),
                                "no listener takes TLS of mode " + mode,
                                "use MUTUAL or ISTIO_MUTUAL for the tunnel listener, or PASSTHROUGH for the plain one");
                yield null;
            }
        };
    }
}
