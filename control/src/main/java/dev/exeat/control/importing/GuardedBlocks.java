package dev.exeat.control.importing;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import java.util.List;

/** Blocks that the address guard refuses, unless an exception is made for a name. */
final class GuardedBlocks {
    private static final List<Cidr> ALL = List.of(
            Cidr.parse("0.0.0.0/8"),
            Cidr.parse("10.0.0.0/8"),
            Cidr.parse("100.64.0.0/10"),
            Cidr.parse("127.0.0.0/8"),
            Cidr.parse("169.254.0.0/16"),
            Cidr.parse("172.16.0.0/12"),
            Cidr.parse("192.168.0.0/16"),
            Cidr.parse("::/128"),
            Cidr.parse("::1/128"),
            Cidr.parse("fc00::/7"),
            Cidr.parse("fe80::/10"));

    private GuardedBlocks() {}

    /** Whether the text is a block that lies within one of them. */
    static boolean hold(String text) {
        try {
            Cidr block = Cidr.parse(text);
            return ALL.stream()
                    .anyMatch(guarded -> guarded.contains(block.address()) && block.prefix() >= guarded.prefix());
        } catch (InvalidNameException e) {
            return false;
        }
    }
}
