package dev.exeat.policy;

import dev.exeat.model.Node;
import dev.exeat.model.Node.Scalar;
import dev.exeat.model.Node.ScalarType;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of YAML as the tests write: block mappings and lists, plain and quoted scalars, {@code >-} and {@code |}
 * blocks, {@code [a, b]} and {@code {}} on one line, comments, documents.
 */
public final class TinyYaml {
    private record Line(int number, int indent, String text) {}

    private final String file;
    private final List<Line> lines;
    private int at;

    private TinyYaml(String file, List<Line> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** The objects of all documents; empty documents give none. */
    public static List<Resource> resources(String file, String text) {
        List<Resource> resources = new ArrayList<>();
        List<Line> document = new ArrayList<>();
        int number = 0;
        for (String line : (text + "\n---").split("\n", -1)) {
            number++;
            if (line.strip().equals("---")) {
                if (!document.isEmpty()) {
                    resources.add(resource((Node.Mapping) new TinyYaml(file, document).block(0)));
                }
                document = new ArrayList<>();
            } else if (!line.isBlank() && !line.strip().startsWith("#")) {
                int indent = line.length() - line.stripLeading().length();
                document.add(new Line(number, indent, line.strip()));
            }
        }
        return resources;
    }

    private static Resource resource(Node.Mapping body) {
        String apiVersion = text(body, "apiVersion");
        int slash = apiVersion.indexOf('/');
        Node.Mapping metadata = (Node.Mapping) body.fields().get("metadata");
        String namespace = metadata.get("namespace") == null ? "default" : text(metadata, "namespace");
        ObjectKey key = new ObjectKey(
                slash < 0 ? "" : apiVersion.substring(0, slash), text(body, "kind"), namespace, text(metadata, "name"));
        return new Resource(key, apiVersion, texts(metadata, "labels"), texts(metadata, "annotations"), body);
    }

    private static Map<String, String> texts(Node.Mapping metadata, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (metadata.get(name) instanceof Node.Mapping mapping) {
            mapping.fields().forEach((key, node) -> texts.put(key, ((Scalar) node).text()));
        }
        return texts;
    }

    private static String text(Node.Mapping mapping, String key) {
        return ((Scalar) mapping.fields().get(key)).text();
    }

    private Node block(int indent) {
        Line line = lines.get(at);
        return line.text().equals("-") || line.text().startsWith("- ") ? sequence(line.indent()) : mapping(indent);
    }

    private Node sequence(int indent) {
        Place place = place(lines.get(at), 0);
        List<Node> items = new ArrayList<>();
        while (at < lines.size()
                && lines.get(at).indent() == indent
                && lines.get(at).text().startsWith("-")) {
            Line line = lines.get(at);
            String rest = line.text().substring(1).strip();
            int inner = indent + line.text().length() - rest.length();
            if (isEntry(rest)) {
                lines.set(at, new Line(line.number(), inner, rest));
                items.add(mapping(inner));
            } else {
                at++;
                items.add(value(rest, indent, line, line.text().length() - rest.length()));
            }
        }
        return new Node.Sequence(items, place);
    }

    private Node mapping(int least) {
        Line first = lines.get(at);
        int indent = first.indent();
        Map<String, Node> fields = new LinkedHashMap<>();
        Map<String, Place> places = new LinkedHashMap<>();
        while (at < lines.size() && lines.get(at).indent() == indent && indent >= least) {
            Line line = lines.get(at);
            int colon = keyEnd(line.text());
            if (colon < 0) {
                throw new IllegalArgumentException("line " + line.number() + " is no entry: " + line.text());
            }
            String key = unquote(line.text().substring(0, colon)).text();
            String rest = line.text().substring(colon + 1).strip();
            places.put(key, place(line, 0));
            at++;
            fields.put(key, value(rest, indent, line, line.text().length() - rest.length()));
        }
        return new Node.Mapping(fields, places, place(first, 0));
    }

    private Node value(String rest, int indent, Line line, int column) {
        if (rest.equals(">-") || rest.equals("|")) {
            List<String> parts = new ArrayList<>();
            while (at < lines.size() && lines.get(at).indent() > indent) {
                parts.add(lines.get(at++).text());
            }
            return new Scalar(String.join(rest.equals("|") ? "\n" : " ", parts), ScalarType.TEXT, place(line, column));
        }
        boolean listBelow = at < lines.size()
                && lines.get(at).indent() == indent
                && lines.get(at).text().startsWith("- ");
        if (rest.isEmpty() && at < lines.size() && (lines.get(at).indent() > indent || listBelow)) {
            return block(indent);
        }
        if (rest.startsWith("[")) {
            List<Node> items = new ArrayList<>();
            String inner = rest.substring(1, rest.length() - 1).strip();
            if (!inner.isEmpty()) {
                for (String item : inner.split(",")) {
                    items.add(scalar(item.strip(), place(line, column)));
                }
            }
            return new Node.Sequence(items, place(line, column));
        }
        if (rest.equals("{}")) {
            return new Node.Mapping(Map.of(), Map.of(), place(line, column));
        }
        return scalar(rest, place(line, column));
    }

    private static Scalar scalar(String text, Place place) {
        if (text.startsWith("\"") || text.startsWith("'")) {
            Scalar quoted = unquote(text);
            return new Scalar(quoted.text(), ScalarType.TEXT, place);
        }
        int comment = text.indexOf(" #");
        String plain = comment < 0 ? text : text.substring(0, comment).strip();
        ScalarType type = plain.isEmpty() || plain.equals("null") || plain.equals("~")
                ? ScalarType.NULL
                : plain.equals("true") || plain.equals("false")
                        ? ScalarType.BOOLEAN
                        : plain.matches("-?[0-9]+")
                                ? ScalarType.INTEGER
                                : plain.matches("-?[0-9]+\\.[0-9]+") ? ScalarType.DECIMAL : ScalarType.TEXT;
        return new Scalar(plain, type, place);
    }

    private static Scalar unquote(String text) {
        String value = text.strip();
        if (value.startsWith("'")) {
            value = value.substring(1, value.lastIndexOf('\'')).replace("''", "'");
        } else if (value.startsWith("\"")) {
            value = value.substring(1, value.lastIndexOf('"'))
                    .replace("\\\"", "\"")
                    .replace("\\\\", "\\");
        }
        return new Scalar(value, ScalarType.TEXT, Place.UNKNOWN);
    }

    private static boolean isEntry(String text) {
        return !text.startsWith("\"") && !text.startsWith("'") && !text.startsWith("[") && keyEnd(text) > 0;
    }

    private static int keyEnd(String text) {
        int from = text.startsWith("\"") ? text.indexOf('"', 1) : 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ')) {
                return i;
            }
        }
        return -1;
    }

    private Place place(Line line, int column) {
        return new Place(file, line.number(), line.indent() + column + 1);
    }
}
