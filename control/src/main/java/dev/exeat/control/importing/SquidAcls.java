package dev.exeat.control.importing;

import dev.exeat.control.importing.PortSpans.Span;
import dev.exeat.control.importing.SquidFile.Directive;
import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the access lists of a Squid configuration. Lines of one name add up. */
final class SquidAcls {
    private static final int MAX_SPANS = 1000;
    /** As in {@code parameters("/etc/squid/bad")}, which names a file of values. */
    private static final String QUOTING = "\"'()\\%$";

    private static final Map<String, SquidAcl> BUILT_IN = Map.of(
            "all", new SquidAcl.Always(),
            "CONNECT", new SquidAcl.Always(),
            "manager", new SquidAcl.Never(),
            "to_localhost", new SquidAcl.Never(),
            "to_linklocal", new SquidAcl.Never(),
            "localhost", new SquidAcl.Blocks(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1"))));

    private final Draft draft;
    private final Map<String, List<Directive>> lines = new HashMap<>();
    private final Map<String, SquidAcl> read = new HashMap<>();

    SquidAcls(Draft draft, SquidFile file) {
        this.draft = draft;
        for (Directive directive : file.directives()) {
            if (directive.name().equals("acl") && directive.words().size() > 2) {
                lines.computeIfAbsent(directive.words().get(1), name -> new ArrayList<>())
                        .add(directive);
            }
        }
    }

    SquidAcl of(String name) {
        List<Directive> own = lines.get(name);
        if (own == null) {
            return BUILT_IN.getOrDefault(name, new SquidAcl.Unclear("the list " + name + " is not in the file"));
        }
        SquidAcl known = read.get(name);
        if (known != null) {
            return known;
        }
        SquidAcl acl = name.equals("all") ? new SquidAcl.Always() : read(own);
        read.put(name, acl);
        return acl;
    }

    private SquidAcl read(List<Directive> own) {
        String type = own.getFirst().words().get(2);
        List<String> values = new ArrayList<>();
        for (Directive line : own) {
            if (!line.words().get(2).equals(type)) {
                return new SquidAcl.Unclear("its lines are of several types");
            }
            for (String value : line.words().subList(3, line.words().size())) {
                if (value.startsWith("\"")) {
                    return new SquidAcl.Unclear("its values are in the file " + value);
                }
                if (value.startsWith("--") && !value.equals("--client-requested")) {
                    return new SquidAcl.Unclear("its option " + value + " has no counterpart");
                }
                if (value.chars().anyMatch(c -> QUOTING.indexOf(c) >= 0)) {
                    return new SquidAcl.Unclear("its value " + value + " stands for something else");
                }
                if (!value.startsWith("-")) {
                    values.add(value);
                }
            }
        }
        Place place = own.getFirst().place();
        return switch (type) {
            case "dstdomain", "ssl::server_name" -> hosts(place, values);
            case "src" -> blocks(values);
            // What leads there is refused by the address guard.
            case "dst" ->
                values.stream().allMatch(GuardedBlocks::hold)
                        ? new SquidAcl.Never()
                        : new SquidAcl.Unclear("verdicts are by name here, before there is an address");
            case "port" -> ports(values);
            case "method" -> values.contains("CONNECT") ? new SquidAcl.Always() : new SquidAcl.Never();
            default -> new SquidAcl.Unclear("lists of the type " + type + " have no counterpart");
        };
    }

    /** {@code .example.com} is for the name itself and all below it. Names that no client can ask for are left out. */
    private SquidAcl hosts(Place place, List<String> values) {
        Set<HostPattern> hosts = new LinkedHashSet<>();
        for (String value : values) {
            boolean below = value.startsWith(".");
            String name = below ? value.substring(1) : value;
            try {
                if (name.indexOf('*') >= 0) {
                    throw new InvalidNameException("a * stands for itself in Squid");
                }
                String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
                if (below) {
                    hosts.add(HostPattern.parse("*." + plain));
                }
                if (!below || plain.indexOf('.') >= 0) {
                    hosts.add(HostPattern.parse(plain));
                }
            } catch (InvalidNameException e) {
                draft.loss(place, value, "left out: no client can ask for it here (" + e.getMessage() + ")");
            }
        }
        return new SquidAcl.Hosts(List.copyOf(hosts));
    }

    private static SquidAcl blocks(List<String> values) {
        List<Cidr> blocks = new ArrayList<>();
        for (String value : values) {
            if (value.equals("all")) {
                return new SquidAcl.Always();
            }
            try {
                blocks.addAll(SquidBlocks.parse(value));
            } catch (InvalidNameException e) {
                return new SquidAcl.Unclear("\"" + value + "\" is no block of addresses");
            }
        }
        return new SquidAcl.Blocks(blocks);
    }

    private static SquidAcl ports(List<String> values) {
        List<Span> spans = new ArrayList<>();
        for (String value : values) {
            int dash = value.indexOf('-');
            int first = PortSpans.number(dash < 0 ? value : value.substring(0, dash));
            int last = dash < 0 ? first : PortSpans.number(value.substring(dash + 1));
            if (first == 0 || last < first || spans.size() >= MAX_SPANS) {
                return new SquidAcl.Unclear("\"" + value + "\" is no port, or there are too many");
            }
            spans.add(new Span(first, last));
        }
        return new SquidAcl.Ports(new PortSpans(spans));
    }
}
