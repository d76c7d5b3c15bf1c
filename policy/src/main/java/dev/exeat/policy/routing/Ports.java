package dev.exeat.policy.routing;

import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;

/** Reads port numbers. */
final class Ports {
    private static final int MAX = 65535;

    private Ports() {}

    /** 0 where it is not given, or given wrongly, which is reported. */
    static int read(Fields fields, String name) {
        Field field = fields.find(name);
        if (field == null) {
            return 0;
        }
        long number = fields.number(name, 0);
        if (number < 1 || number > MAX) {
            fields.findings()
                    .error(
                            "invalid-value",
                            field.place(),
                            field.path(),
                            "the port is not in 1 to " + MAX,
                            "use the port that clients ask for, mostly 443");
            return 0;
        }
        return (int) number;
    }
}
