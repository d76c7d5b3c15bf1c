package dev.exeat.policy.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Place;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one mapping by the rules of JSON for protocol buffers: names in snake_case or lowerCamel,
 * enums by name or number, 64-bit numbers also as text, durations as {@code "300s"}, null as if the field were not
 * there. A value of a wrong type is reported, and read as if it were not there. {@link #done} reports every field that
 * nobody asked for. Not thread-safe.
 */
public final class Fields {
    private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(315_576_000_000L);

    private final Node.Mapping mapping;
    private final String path;
    private final Findings findings;
    /** As they were asked for, some perhaps twice: a list, because it is looked through only where a field is there. */
    private final List<String> known = new ArrayList<>();

    private boolean allKnown;

    public Fields(Node.Mapping mapping, String path, Findings findings) {
        this.mapping = mapping;
        this.path = path;
        this.findings = findings;
    }

    public Findings findings() {
        return findings;
    }

    public Place place() {
        return mapping.place();
    }

    /** Where a field stands, or the mapping where it is not there. */
    public Place place(String name) {
        Field field = find(name);
        return field == null ? mapping.place() : field.place();
    }

    /** The path of a field that is not there, as people mostly spell it. */
    public String path(String name) {
        return path.isEmpty() ? camel(name) : path + "." + camel(name);
    }

    /** Counts fields as known without reading them. */
    public void accept(String... names) {
        known.addAll(Arrays.asList(names));
        for (String name : names) {
            if (name.indexOf('_') >= 0) {
                find(name);
            }
        }
    }

    /** Counts every field as known: for objects whose fields mean nothing here. */
    public void acceptAll() {
        allKnown = true;
    }

    /** The field by either spelling of its name, or null where it is not there. */
    public @Nullable Field find(String name) {
        known.add(name);
        Node byName = mapping.get(name);
        if (name.indexOf('_') < 0) {
            return found(name, byName);
        }
        String camel = camel(name);
        Node byCamel = mapping.get(camel);
        if (byName != null && byCamel != null) {
            findings.error(
                    "duplicate-field",
                    mapping.placeOf(camel),
                    path(camel),
                    "the field is given as " + name + " and as " + camel,
                    "keep one of them");
        }
        return byName != null ? found(name, byName) : found(camel, byCamel);
    }

    private @Nullable Field found(String written, @Nullable Node node) {
        if (node == null || (node instanceof Node.Scalar scalar && scalar.type() == Node.ScalarType.NULL)) {
            return null;
        }
        return new Field(node, path.isEmpty() ? written : path + "." + written);
    }

    private static String camel(String name) {
        if (name.indexOf('_') < 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) == '_' && i + 1 < name.length()) {
                camel.append(Character.toUpperCase(name.charAt(++i)));
            } else {
                camel.append(name.charAt(i));
            }
        }
        return camel.toString();
    }

    public @Nullable String text(String name) {
        Field field = find(name);
        return field == null ? null : text(field);
    }

    /** The text of a field; null, and reported, where it is something else. */
    public @Nullable String text(Field field) {
        if (field.node() instanceof Node.Scalar scalar && scalar.type() == Node.ScalarType.TEXT) {
            return scalar.text();
        }
        String cure = field.node() instanceof Node.Scalar scalar ? "write it in quotes: \"" + scalar.text() + "\"" : "";
        wrongType(field, "text", cure);
        return null;
    }

    public @Nullable String requiredText(String name) {
        Field field = find(name);
        if (field == null) {
            missing(name);
            return null;
        }
        String text = text(field);
        if (text != null && text.isEmpty()) {
            findings.error("empty-field", field.place(), field.path(), "the field is empty", "");
            return null;
        }
        return text;
    }

    public void missing(String name) {
        findings.error("missing-field", mapping.place(), path(name), "the field is required", "add it");
    }

    public boolean bool(String name, boolean absent) {
        Field field = find(name);
        if (field == null) {
            return absent;
        }
        if (field.node() instanceof Node.Scalar scalar && scalar.type() == Node.ScalarType.BOOLEAN) {
            return scalar.text().equalsIgnoreCase("true");
        }
        wrongType(field, "true or false", "");
        return absent;
    }

    public long number(String name, long absent) {
        Field field = find(name);
        if (field == null) {
            return absent;
        }
        if (field.node() instanceof Node.Scalar(String text, Node.ScalarType type, Place _)
                && (type == Node.ScalarType.INTEGER || type == Node.ScalarType.TEXT)) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                // Told below like every other fault.
            }
        }
        wrongType(field, "an integer", "");
        return absent;
    }

    public Duration duration(String name, Duration absent) {
        Field field = find(name);
        if (field == null) {
            return absent;
        }
        if (field.node() instanceof Node.Scalar(String text, Node.ScalarType type, Place _)
                && type == Node.ScalarType.TEXT
                && text.length() < 40
                && text.endsWith("s")) {
            try {
                BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
                if (seconds.scale() >= 0
                        && seconds.scale() <= 9
                        && seconds.abs().compareTo(MAX_SECONDS) <= 0) {
                    return Duration.ofSeconds(
                            seconds.longValue(),
                            seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
                }
            } catch (NumberFormatException e) {
                // Told below like every other fault.
            }
        }
        wrongType(field, "a duration in seconds such as \"300s\" or \"0.5s\"", "");
        return absent;
    }

    /**
     * A value by name or number.
     *
     * @param numbers the number of each name
     */
    public String enumerated(String name, Map<String, Integer> numbers, String absent) {
        Field field = find(name);
        if (field == null) {
            return absent;
        }
        String value = enumerated(field, numbers);
        return value == null ? absent : value;
    }

    /** The name of the value that a field gives by name or number; null, and reported, where there is none. */
    public @Nullable String enumerated(Field field, Map<String, Integer> numbers) {
        if (!(field.node() instanceof Node.Scalar scalar)) {
            wrongType(field, "one of " + names(numbers), "");
            return null;
        }
        if (scalar.type() == Node.ScalarType.TEXT && numbers.containsKey(scalar.text())) {
            return scalar.text();
        }
        if (scalar.type() == Node.ScalarType.INTEGER) {
            for (Map.Entry<String, Integer> entry : numbers.entrySet()) {
                if (scalar.text().equals(entry.getValue().toString())) {
                    return entry.getKey();
                }
            }
        }
        findings.error(
                "unknown-value",
                field.place(),
                field.path(),
                "unknown value \"" + scalar.text() + "\"; known are " + names(numbers),
                Spelling.cure(scalar.text(), numbers.keySet()));
        return null;
    }

    private static String names(Map<String, Integer> numbers) {
        return numbers.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    public @Nullable Fields mapping(String name) {
        Field field = find(name);
        return field == null ? null : mapping(field);
    }

    public @Nullable Fields mapping(Field field) {
        if (field.node() instanceof Node.Mapping nested) {
            return new Fields(nested, field.path(), findings);
        }
        wrongType(field, "a mapping of fields", "");
        return null;
    }

    /** The items of a list, empty where it is not there. */
    public List<Field> items(String name) {
        Field field = find(name);
        if (field == null) {
            return List.of();
        }
        if (!(field.node() instanceof Node.Sequence sequence)) {
            wrongType(field, "a list", "write each item on a line of its own after \"- \"");
            return List.of();
        }
        List<Field> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.add(new Field(sequence.items().get(i), field.path() + "[" + i + "]"));
        }
        return items;
    }

    /** The entries of a mapping with free keys, in the order of the file; empty where it is not there. */
    public Map<String, Field> entries(String name) {
        Field field = find(name);
        if (field == null) {
            return Map.of();
        }
        if (!(field.node() instanceof Node.Mapping nested)) {
            wrongType(field, "a mapping", "");
            return Map.of();
        }
        Map<String, Field> entries = new LinkedHashMap<>();
        nested.fields().forEach((key, node) -> entries.put(key, new Field(node, field.path() + "." + key)));
        return entries;
    }

    public void wrongType(Field field, String expected, String cure) {
        String got = switch (field.node()) {
            case Node.Mapping _ -> "a mapping";
            case Node.Sequence _ -> "a list";
            case Node.Scalar scalar ->
                "\"" + scalar.text() + "\" (" + scalar.type().name().toLowerCase(Locale.ROOT) + ")";
        };
        findings.error("wrong-type", field.place(), field.path(), "expected " + expected + ", got " + got, cure);
    }

    /** Reports every field that was never asked for. */
    public void done() {
        if (!allKnown) {
            // Not over the key set, which the mapping would keep for ever.
            mapping.fields().forEach((name, _) -> {
                if (!isKnown(name)) {
                    reportUnknown(name);
                }
            });
        }
    }

    private boolean isKnown(String written) {
        for (String name : known) {
            if (name.equals(written) || (name.indexOf('_') >= 0 && camel(name).equals(written))) {
                return true;
            }
        }
        return false;
    }

    private void reportUnknown(String name) {
        Set<String> spellings = new LinkedHashSet<>();
        for (String asked : known) {
            spellings.add(camel(asked));
            spellings.add(asked);
        }
        String cure = Spelling.cure(name, spellings);
        findings.error(
                "unknown-field",
                mapping.placeOf(name),
                path.isEmpty() ? name : path + "." + name,
                "unknown field \"" + name + "\"",
                cure.isEmpty() && !known.isEmpty() ? "known are " + knownNames() : cure);
    }

    private String knownNames() {
        Set<String> camels = new TreeSet<>();
        known.forEach(name -> camels.add(camel(name)));
        return String.join(", ", camels);
    }
}
