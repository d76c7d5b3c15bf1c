package dev.exeat.policy.manifest;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import java.util.ArrayList;
import java.util.List;

/** Reads lists of hosts and of address blocks; what is none is reported and left out. */
public final class NameLists {
    private NameLists() {}

    /** @param items of a list of {@code fields} */
    public static List<HostPattern> hosts(Fields fields, List<Field> items) {
        List<HostPattern> hosts = new ArrayList<>();
        for (Field item : items) {
            String text = fields.text(item);
            try {
                if (text != null) {
                    hosts.add(HostPattern.parse(text));
                }
            } catch (InvalidNameException e) {
                invalid(
                        fields,
                        item,
                        "invalid host \"" + text + "\": " + e.getMessage(),
                        "use example.com, \"*.example.com\" for every name below it, or \"*\"");
            }
        }
        return hosts;
    }

    /** @param items of a list of {@code fields} */
    public static List<Cidr> blocks(Fields fields, List<Field> items) {
        List<Cidr> blocks = new ArrayList<>();
        for (Field item : items) {
            String text = fields.text(item);
            try {
                if (text != null) {
                    blocks.add(Cidr.parse(text));
                }
            } catch (InvalidNameException e) {
                invalid(
                        fields,
                        item,
                        "\"" + text + "\" is no block of addresses: " + e.getMessage(),
                        "use 192.0.2.0/24");
            }
        }
        return blocks;
    }

    private static void invalid(Fields fields, Field item, String message, String cure) {
        fields.findings().error("invalid-value", item.place(), item.path(), message, cure);
    }
}
