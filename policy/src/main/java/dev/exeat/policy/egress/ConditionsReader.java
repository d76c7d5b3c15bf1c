package dev.exeat.policy.egress;

import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of an EgressPolicy. */
final class ConditionsReader {
    private static final Map<String, Integer> VERSIONS =
            Map.of("TLS1.0", 0x0301, "TLS1.1", 0x0302, "TLS1.2", 0x0303, "TLS1.3", 0x0304);

    private ConditionsReader() {}

    static Conditions read(Fields spec) {
        Fields fields = spec.mapping("conditions");
        if (fields == null) {
            return Conditions.NONE;
        }
        Set<String> alpn = new HashSet<>();
        for (Field item : fields.items("alpn")) {
            String protocol = fields.text(item);
            if (protocol != null) {
                alpn.add(protocol);
            }
        }
        Conditions conditions = new Conditions(
                version(fields, "min_tls_version"),
                version(fields, "max_tls_version"),
                alpn,
                flag(fields, "ech"),
                flag(fields, "post_quantum"));
        fields.done();
        return conditions;
    }

    private static @Nullable Integer version(Fields fields, String name) {
        Field field = fields.find(name);
        String version = field == null ? null : fields.enumerated(field, VERSIONS);
        return version == null ? null : VERSIONS.get(version);
    }

    private static @Nullable Boolean flag(Fields fields, String name) {
        return fields.find(name) == null ? null : fields.bool(name, false);
    }
}
