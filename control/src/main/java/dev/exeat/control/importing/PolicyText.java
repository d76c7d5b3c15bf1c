package dev.exeat.control.importing;

import dev.exeat.control.importing.ImportedPolicy.Destination;
import dev.exeat.control.importing.ImportedPolicy.Source;
import dev.exeat.model.HostPattern;
import dev.exeat.policy.egress.EgressPolicy.Action;
import dev.exeat.policy.egress.EgressPolicy.Mode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes imported policies as YAML, with what could not be carried over in front. */
public final class PolicyText {
    private final StringBuilder out = new StringBuilder();

    private PolicyText() {}

    /** @param title of what it was made of, for people */
    public static String write(Imported imported, String title) {
        PolicyText text = new PolicyText();
        text.head(imported, title);
        imported.policies().forEach(text::policy);
        return text.out.toString();
    }

    private void head(Imported imported, String title) {
        comment("Made by exeat import from " + title + ".");
        imported.notes().forEach(this::comment);
        if (!imported.losses().isEmpty()) {
            comment("");
            comment("Not carried over as it was (" + imported.losses().size() + "):");
            imported.losses().forEach(loss -> comment("- " + loss));
        }
    }

    private void policy(ImportedPolicy policy) {
        out.append("---\n");
        comment("From " + policy.from());
        line(0, "apiVersion: exeat.dev/v1alpha1");
        line(0, "kind: EgressPolicy");
        line(0, "metadata:");
        line(1, "name: " + quoted(policy.name()));
        line(1, "namespace: " + quoted(policy.namespace()));
        line(0, "spec:");
        if (policy.platform()) {
            line(1, "tier: platform");
        }
        line(1, "action: " + (policy.action() == Action.ALLOW ? "Allow" : "Deny"));
        if (policy.mode() == Mode.AUDIT) {
            line(1, "mode: Audit");
        }
        if (!policy.owner().isEmpty()) {
            line(1, "owner: " + quoted(policy.owner()));
        }
        if (!policy.sources().isEmpty()) {
            line(1, "sources:");
            policy.sources().forEach(this::source);
        }
        line(1, "destinations:");
        if (policy.destinations().isEmpty()) {
            out.append(
                    "    # No name ends in .invalid: whom this selects needs another allowance, and this gives none.\n");
            line(2, "- hosts: [\"nothing.invalid\"]");
        }
        policy.destinations().forEach(this::destination);
    }

    private void source(Source source) {
        Dashed fields = new Dashed();
        fields.list("serviceAccounts", source.accounts());
        fields.list("namespaces", source.namespaces());
        fields.list("cidrs", source.blocks());
    }

    private void destination(Destination destination) {
        Dashed fields = new Dashed();
        fields.list(
                "hosts", destination.hosts().stream().map(HostPattern::toString).toList());
        if (!destination.ports().isEmpty()) {
            fields.field("ports: "
                    + destination.ports().stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]")));
        }
    }

    /** The fields of one item of a list. */
    private final class Dashed {
        private String lead = "- ";

        void field(String text) {
            line(2, lead + text);
            lead = "  ";
        }

        void list(String name, List<String> values) {
            if (!values.isEmpty()) {
                field(name + ":");
                values.forEach(value -> line(4, "- " + quoted(value)));
            }
        }
    }

    private void line(int level, String text) {
        out.append("  ".repeat(level)).append(text).append('\n');
    }

    private void comment(String text) {
        out.append('#');
        if (!text.isEmpty()) {
            out.append(' ');
            text.chars().forEach(c -> out.append(isPlain(c) ? (char) c : '?'));
        }
        out.append('\n');
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (isPlain(c)) {
                quoted.append(c);
            } else {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    /** Printable ASCII: what came from elsewhere must neither end a comment nor steer a terminal. */
    private static boolean isPlain(int c) {
        return c >= 0x20 && c < 0x7f;
    }
}
