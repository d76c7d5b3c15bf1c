package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.lint.HostUse.Role;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Collects every host that objects name: their vocabulary. Used once; not thread-safe. */
final class HostUseReader {
    private final List<HostUse> uses = new ArrayList<>();

    private HostUseReader() {}

    static List<HostUse> read(Collection<SpecView> objects) {
        HostUseReader reader = new HostUseReader();
        objects.forEach(reader::read);
        return List.copyOf(reader.uses);
    }

    private void read(SpecView object) {
        switch (object.key().kind()) {
            case "ServiceEntry" -> hosts(object, object.spec(), "hosts", Role.REGISTRY);
            case "Gateway" ->
                SpecView.mappings(object.spec(), "servers")
                        .forEach(server -> hosts(object, server, "hosts", Role.GATEWAY));
            case "VirtualService" -> routes(object);
            case "EgressPolicy" -> egress(object);
            case "HostSet" -> hosts(object, object.spec(), "hosts", Role.HOST_SET);
            case "AuthorizationPolicy" -> authorization(object);
            default -> mixer(object);
        }
    }

    private void hosts(SpecView object, Fields fields, String list, Role role) {
        for (Field item : fields.items(list)) {
            host(object, fields, item, role);
        }
    }

    /** What is no host is none of a vocabulary. */
    private void host(SpecView object, Fields fields, Field item, Role role) {
        String text = fields.text(item);
        if (text == null) {
            return;
        }
        String name = role == Role.GATEWAY ? text.substring(text.indexOf('/') + 1) : text;
        try {
            int index = item.path().lastIndexOf('[');
            String list = index < 0 ? item.path() : item.path().substring(0, index);
            uses.add(new HostUse(object.key(), role, HostPattern.parse(name), item.place(), item.path(), list));
        } catch (InvalidNameException e) {
            // A short name of a cluster's service, an address or a text of another kind.
        }
    }

    private void routes(SpecView object) {
        hosts(object, object.spec(), "hosts", Role.MENTION);
        for (Fields route : SpecView.mappings(object.spec(), "tls")) {
            SpecView.mappings(route, "match").forEach(match -> hosts(object, match, "sni_hosts", Role.ROUTE));
            for (Fields weighted : SpecView.mappings(route, "route")) {
                Fields destination = SpecView.nested(weighted, "destination");
                Field host = destination.find("host");
                if (host != null) {
                    host(object, destination, host, Role.MENTION);
                }
            }
        }
    }

    private void egress(SpecView object) {
        String action = object.spec().text("action");
        Role role = "Deny".equals(action) ? Role.EGRESS_DENY : Role.EGRESS_ALLOW;
        SpecView.mappings(object.spec(), "destinations")
                .forEach(destination -> hosts(object, destination, "hosts", role));
    }

    private void authorization(SpecView object) {
        String action = object.spec().text("action");
        Role role = switch (action == null ? "ALLOW" : action) {
            case "ALLOW" -> Role.AUTHORIZATION_ALLOW;
            case "DENY" -> Role.AUTHORIZATION_DENY;
            default -> Role.MENTION;
        };
        for (Fields rule : SpecView.mappings(object.spec(), "rules")) {
            for (Fields condition : SpecView.mappings(rule, "when")) {
                if ("connection.sni".equals(condition.text("key"))) {
                    hosts(object, condition, "values", role);
                    hosts(object, condition, "not_values", Role.MENTION);
                }
            }
        }
    }

    private void mixer(SpecView object) {
        ListEntries list = ListEntries.of(object);
        if (list != null && list.ofTexts()) {
            Role role = list.blacklist() ? Role.LIST_DENY : Role.LIST_ALLOW;
            list.items().forEach(item -> host(object, list.params(), item, role));
        }
    }
}
