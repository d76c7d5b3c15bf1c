package dev.exeat.policy.egress;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.List;

/** Reads lists of address blocks. */
final class BlockReader {
    private BlockReader() {}

    static List<Cidr> blocks(Fields fields, String name) {
        List<Cidr> blocks = new ArrayList<>();
        for (Field item : fields.items(name)) {
            String text = fields.text(item);
            try {
                if (text != null) {
                    blocks.add(Cidr.parse(text));
                }
            } catch (InvalidNameException e) {
                fields.findings()
                        .error(
                                "invalid-value",
                                item.place(),
                                item.path(),
                                "\"" + text + "\" is no block of addresses: " + e.getMessage(),
                                "use 192.0.2.0/24");
            }
        }
        return blocks;
    }
}
