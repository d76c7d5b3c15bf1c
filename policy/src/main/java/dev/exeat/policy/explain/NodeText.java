package dev.exeat.policy.explain;

import com.google.re2j.Pattern;
import dev.exeat.model.Node;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes nodes as YAML that reads as the same nodes: block style, texts in quotes where they would be something else. */
public final class NodeText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./@-]*");
    private static final Pattern NO_TEXT =
            Pattern.compile("(?i)y|yes|n|no|on|off|true|false|null|~|\\.inf|\\.nan|\\.|0x[0-9a-f]+");

    /** What would need a backslash in double quotes. */
    private static final Pattern QUOTES = Pattern.compile("[\"\\\\]");

    /** What stands in single quotes as it is. */
    private static final Pattern SINGLE = Pattern.compile("[ -&(-~]*");

    private NodeText() {}

    /** Ends with a line feed. */
    public static String yaml(Node node) {
        StringBuilder out = new StringBuilder();
        write(node, 0, out);
        return out.toString();
    }

    /** On one line, as within a list in brackets. */
    public static String flow(Node node) {
        return switch (node) {
            case Node.Mapping mapping ->
                mapping.fields().entrySet().stream()
                        .map(field -> text(field.getKey()) + ": " + flow(field.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Node.Sequence sequence ->
                sequence.items().stream().map(NodeText::flow).collect(Collectors.joining(", ", "[", "]"));
            case Node.Scalar scalar -> scalar(scalar);
        };
    }

    private static void write(Node node, int indent, StringBuilder out) {
        switch (node) {
            case Node.Mapping mapping -> mapping(mapping, indent, out);
            case Node.Sequence sequence -> sequence(sequence, indent, out);
            case Node.Scalar scalar ->
                out.append(" ".repeat(indent)).append(scalar(scalar)).append('\n');
        }
    }

    private static void mapping(Node.Mapping mapping, int indent, StringBuilder out) {
        for (Map.Entry<String, Node> entry : mapping.fields().entrySet()) {
            out.append(" ".repeat(indent)).append(text(entry.getKey())).append(':');
            value(entry.getValue(), indent, out);
        }
    }

    private static void value(Node node, int indent, StringBuilder out) {
        if (node instanceof Node.Scalar scalar) {
            out.append(' ').append(scalar(scalar)).append('\n');
        } else if (isEmpty(node)) {
            out.append(node instanceof Node.Mapping ? " {}\n" : " []\n");
        } else {
            out.append('\n');
            write(node, node instanceof Node.Sequence ? indent : indent + 2, out);
        }
    }

    private static void sequence(Node.Sequence sequence, int indent, StringBuilder out) {
        for (Node item : sequence.items()) {
            StringBuilder inner = new StringBuilder();
            if (isEmpty(item)) {
                inner.append(item instanceof Node.Mapping ? "{}\n" : "[]\n");
            } else {
                write(item, indent + 2, inner);
            }
            out.append(" ".repeat(indent)).append("- ").append(inner.toString().stripLeading());
        }
    }

    private static boolean isEmpty(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> mapping.fields().isEmpty();
            case Node.Sequence sequence -> sequence.items().isEmpty();
            case Node.Scalar _ -> false;
        };
    }

    private static String scalar(Node.Scalar scalar) {
        return switch (scalar.type()) {
            case TEXT -> text(scalar.text());
            case NULL -> "null";
            case INTEGER, DECIMAL, BOOLEAN -> scalar.text();
        };
    }

    private static String text(String text) {
        if (PLAIN.matcher(text).matches() && !NO_TEXT.matcher(text).matches()) {
            return text;
        }
        if (QUOTES.matcher(text).find() && SINGLE.matcher(text).matches()) {
            return "'" + text + "'";
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || c == 0x85 || c == 0xa0 || c == 0x2028 || c == 0x2029) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
