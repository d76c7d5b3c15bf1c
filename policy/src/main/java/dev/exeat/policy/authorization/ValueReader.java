package dev.exeat.policy.authorization;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the values that a rule compares with. */
final class ValueReader {
    private static final String SCHEME = "spiffe://";

    private final String namespace;

    /** @param namespace of the policy, in which service accounts are looked for that name none */
    ValueReader(String namespace) {
        this.namespace = namespace;
    }

    List<TextMatch> texts(Fields fields, List<Field> items, TextSource source) {
        List<TextMatch> matches = new ArrayList<>();
        for (Field item : items) {
            String text = fields.text(item);
            if (text == null) {
                continue;
            }
            if (text.isEmpty()) {
                invalid(fields, item, "the value is empty", "remove it; \"*\" stands for any value");
                continue;
            }
            matches.add(match(fields, item, text, source));
        }
        return matches;
    }

    private TextMatch match(Fields fields, Field item, String text, TextSource source) {
        int star = text.indexOf('*');
        if (star > 0 && star < text.length() - 1) {
            fields.findings()
                    .warning(
                            "literal-star",
                            item.place(),
                            item.path(),
                            "the * in \"" + text + "\" stands for itself: it has a meaning only at one end",
                            "");
        }
        return switch (source) {
            case PRINCIPAL -> {
                if (text.startsWith(SCHEME)) {
                    invalid(
                            fields,
                            item,
                            "a principal is written without its scheme",
                            "use \"" + text.substring(SCHEME.length()) + "\"");
                }
                yield TextMatch.parse(text);
            }
            case SERVICE_ACCOUNT -> TextMatch.parse(text.indexOf('/') < 0 ? namespace + "/" + text : text);
            case SERVER_NAME -> serverName(text);
            case NAMESPACE, TRUST_DOMAIN -> TextMatch.parse(text);
        };
    }

    /** U-labels become A-labels, which is how names come in a hello. */
    private static TextMatch serverName(String text) {
        try {
            return TextMatch.parseIgnoringCase(HostPattern.parse(text).toString());
        } catch (InvalidNameException e) {
            return TextMatch.parseIgnoringCase(text);
        }
    }

    Set<Integer> ports(Fields fields, List<Field> items) {
        Set<Integer> ports = new HashSet<>();
        for (Field item : items) {
            String text = fields.text(item);
            Integer port = text == null ? null : port(text);
            if (port != null) {
                ports.add(port);
            } else if (text != null) {
                invalid(fields, item, "\"" + text + "\" is no port", "use a number from 1 to 65535, in quotes");
            }
        }
        return ports;
    }

    private static @Nullable Integer port(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        return port >= 1 && port <= 65535 ? port : null;
    }

    private static void invalid(Fields fields, Field item, String message, String cure) {
        fields.findings().error("invalid-value", item.place(), item.path(), message, cure);
    }
}
