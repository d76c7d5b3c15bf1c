package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.RegistryMode;
import dev.exeat.policy.lint.hosts.HostCover;
import dev.exeat.policy.registry.ServiceEntry;
import dev.exeat.policy.registry.ServiceEntryReader;
import dev.exeat.policy.routing.GatewayReader;
import dev.exeat.policy.routing.IstioGateway;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Which hosts and ports the registry admits and the Gateways of this gateway take, all objects together. */
final class KnownHosts {
    private final @Nullable Layer registry;
    private final @Nullable Layer gateways;

    /** Hosts by port. */
    private static final class Layer {
        private final HostCover all = new HostCover();
        private final Map<Integer, HostCover> byPort = new HashMap<>();

        void add(int port, Collection<HostPattern> hosts) {
            all.addAll(hosts);
            byPort.computeIfAbsent(port, _ -> new HostCover()).addAll(hosts);
        }

        boolean meets(HostPattern pattern, Collection<Integer> ports) {
            for (int port : ports) {
                HostCover cover = byPort.get(port);
                if (cover != null && cover.meets(pattern)) {
                    return true;
                }
            }
            return false;
        }
    }

    KnownHosts(LintSubject subject) {
        Layer entries = subject.options().registry() == RegistryMode.REGISTRY_ONLY
                ? layer(subject, "ServiceEntry", KnownHosts::addEntry)
                : null;
        Layer taken = layer(subject, "Gateway", (object, layer) -> addGateway(object, subject, layer));
        // Where there is none at all the objects are a part of a configuration, or every host is taken.
        this.registry = entries == null || entries.all.isEmpty() ? null : entries;
        this.gateways = taken.all.isEmpty() ? null : taken;
    }

    private static Layer layer(LintSubject subject, String kind, BiConsumer<SpecView, Layer> reader) {
        Layer layer = new Layer();
        for (SpecView object : subject.objects()) {
            if (object.key().kind().equals(kind)) {
                reader.accept(object, layer);
            }
        }
        return layer;
    }

    private static void addEntry(SpecView object, Layer layer) {
        ServiceEntry entry = ServiceEntryReader.read(object.key(), object.spec());
        for (ServiceEntry.Port port : entry.ports()) {
            if (port.carriesTls()) {
                layer.add(port.number(), entry.hosts());
            }
        }
    }

    private static void addGateway(SpecView object, LintSubject subject, Layer layer) {
        IstioGateway gateway = GatewayReader.read(object.key(), object.spec());
        if (gateway.selects(subject.options().gatewayLabels())) {
            gateway.servers().forEach(server -> layer.add(server.port(), server.hosts()));
        }
    }

    /**
     * Why no connection to a host can pass, for people; null where one can.
     *
     * @param ports of which one will do; empty for any
     */
    @Nullable
    String unreachable(HostPattern host, Set<Integer> ports) {
        if (registry != null && !registry.all.meets(host)) {
            return "no ServiceEntry admits " + host;
        }
        if (registry != null && !ports.isEmpty() && !registry.meets(host, ports)) {
            return "no ServiceEntry admits " + host + " on port " + told(ports);
        }
        if (gateways != null && !(ports.isEmpty() ? gateways.all.meets(host) : gateways.meets(host, ports))) {
            return "no Gateway of this gateway takes " + host + (ports.isEmpty() ? "" : " on port " + told(ports));
        }
        return null;
    }

    private static String told(Set<Integer> ports) {
        return String.join(
                " or ",
                ports.stream().sorted().map(port -> Integer.toString(port)).toList());
    }
}
