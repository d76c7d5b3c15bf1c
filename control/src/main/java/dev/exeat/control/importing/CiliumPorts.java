package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.PortSpans.Span;
import dev.exeat.model.HostPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code toPorts} of a rule of egress. */
final class CiliumPorts {
    private static final Set<String> KNOWN = Set.of("ports", "rules", "serverNames");
    private static final int TLS = 443;
    private static final int MAX_SPANS = 1000;
    private static final long MAX_COMPARISONS = 2_000_000;

    private final Draft draft;
    private final ForeignNames names;

    CiliumPorts(Draft draft, ForeignNames names) {
        this.draft = draft;
        this.names = names;
    }

    List<Destination> allowed(Piece rule, List<HostPattern> hosts) {
        if (rule.get("toPorts") == null) {
            draft.loss(rule.place(), rule.path(), "it is for every port; here the hosts are allowed on 443");
            return List.of(new Destination(hosts, List.of(TLS)));
        }
        List<Destination> destinations = new ArrayList<>();
        for (Piece item : rule.items("toPorts")) {
            Piece inside = inside(item);
            if (inside != null) {
                draft.loss(
                        inside.place(),
                        inside.path(),
                        "TLS is not opened here, and what is in it cannot be told; left out");
                continue;
            }
            List<HostPattern> named = item.get("serverNames") == null ? hosts : narrowed(item, hosts);
            List<Integer> ports = numbers(item);
            if (!named.isEmpty() && !ports.isEmpty()) {
                draft.weigh(named.size(), item.place());
                destinations.add(new Destination(named, ports));
            }
        }
        return destinations;
    }

    /** What asks for more than a port, or null. */
    private static @Nullable Piece inside(Piece item) {
        List<Piece> others = item.others(KNOWN);
        return others.isEmpty() ? item.get("rules") : others.getFirst();
    }

    private List<HostPattern> narrowed(Piece item, List<HostPattern> hosts) {
        Set<HostPattern> both = new LinkedHashSet<>();
        if ((long) hosts.size() * item.items("serverNames").size() > MAX_COMPARISONS) {
            draft.loss(item.place(), item.path(), "there are too many names to be compared; left out");
            return List.of();
        }
        for (Piece piece : item.items("serverNames")) {
            HostPattern name = names.host(piece.place(), piece.path(), piece.text());
            if (name != null) {
                narrow(name, hosts, both);
            }
        }
        return List.copyOf(both);
    }

    private static void narrow(HostPattern name, List<HostPattern> hosts, Set<HostPattern> both) {
        for (HostPattern host : hosts) {
            if (ForeignNames.covers(host, name)) {
                both.add(name);
            } else if (ForeignNames.covers(name, host)) {
                both.add(host);
            }
        }
    }

    /** The ports of TCP, of a span that is too large 443 alone. */
    private List<Integer> numbers(Piece item) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (Piece port : item.items("ports")) {
            Span span = span(port);
            if (!isTcp(port)) {
                draft.loss(port.place(), port.path(), "only TCP goes through the gateway");
            } else if (span == null) {
                draft.loss(port.place(), port.path(), "\"" + port.text("port") + "\" is no number; left out");
            } else if (new PortSpans(List.of(span)).isListable()) {
                numbers.addAll(new PortSpans(List.of(span)).listed());
            } else {
                draft.loss(port.place(), port.path(), "of so many ports only 443 is kept, if it is among them");
                if (span.first() <= TLS && TLS <= span.last()) {
                    numbers.add(TLS);
                }
            }
        }
        if (item.items("ports").isEmpty()) {
            draft.loss(item.place(), item.path(), "it is for every port; here the hosts are allowed on 443");
            numbers.add(TLS);
        }
        return numbers.stream().limit(MAX_SPANS).toList();
    }

    private static boolean isTcp(Piece port) {
        String protocol = port.text("protocol");
        return protocol.isEmpty() || protocol.equalsIgnoreCase("TCP") || protocol.equalsIgnoreCase("ANY");
    }

    /** Null where the port is named. */
    private static @Nullable Span span(Piece port) {
        String text = port.text("port");
        if (text.isEmpty() || text.equals("0")) {
            return new Span(1, PortSpans.MAX_PORT);
        }
        int first = PortSpans.number(text);
        int last = port.get("endPort") == null ? first : PortSpans.number(port.text("endPort"));
        return first == 0 ? null : new Span(first, Math.max(first, last));
    }

    /** Denied are all hosts on these ports; on every port where they are too many, or named. */
    List<Destination> denied(Piece rule) {
        Set<Integer> numbers = new LinkedHashSet<>();
        boolean every = rule.get("toPorts") == null;
        boolean any = every;
        for (Piece item : rule.items("toPorts")) {
            every |= item.items("ports").isEmpty();
            any |= every;
            for (Piece port : item.items("ports")) {
                if (!isTcp(port)) {
                    continue;
                }
                any = true;
                Span span = span(port);
                boolean listable = span != null && new PortSpans(List.of(span)).isListable();
                every |= !listable;
                if (listable) {
                    numbers.addAll(new PortSpans(List.of(span)).listed());
                }
            }
        }
        every |= numbers.size() > MAX_SPANS;
        List<Integer> ports = every ? List.of() : List.copyOf(numbers);
        return any ? List.of(new Destination(List.of(ForeignNames.EVERY_HOST), ports)) : List.of();
    }
}
