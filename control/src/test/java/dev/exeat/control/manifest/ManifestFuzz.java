package dev.exeat.control.manifest;

import dev.exeat.model.Node;
import dev.exeat.model.Problem;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.DuplicateKeyException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Any file ends in resources and problems that name a line of it. What is read as one good document has the very
 * content that the parser library's own composer and constructor, which the reader does not use, find in it.
 */
public final class ManifestFuzz implements FuzzTarget {
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(NodeBuilder.MAX_ALIASES)
            .setSchema(new JsonSchema())
            .build();

    private final ManifestReader reader = new ManifestReader();

    @Override
    public String name() {
        return "yaml";
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String name : List.of("indentation", "tabs", "duplicate-keys", "misspelt", "names", "syntax", "list")) {
            try (InputStream in = ManifestFuzz.class.getResourceAsStream("broken/" + name + ".yaml")) {
                seeds.add(in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "apiVersion: v1\n",
                "kind: ServiceAccount\n",
                "metadata:\n  name: a\n",
                "spec:\n",
                "- ",
                ": ",
                "\n  ",
                "\n",
                "---\n",
                "...\n",
                "%YAML 1.2\n",
                "&a ",
                "*a",
                "<<: *a",
                "!!str ",
                "!!int ",
                "!x ",
                "? ",
                "| \n ",
                ">-\n ",
                "\"",
                "'",
                "{",
                "}",
                "[",
                "]",
                ",",
                "#",
                " #",
                "null",
                "~",
                "true",
                "True",
                "0x1f",
                "1e3",
                "-0",
                ".5",
                "1.",
                "1_000",
                "010",
                "\t",
                "\r\n",
                "\u0085",
                "\u2028",
                "\ufeff",
                "\\u0041",
                "\\x0",
                "\u0000",
                "\ud83d\ude00");
    }

    @Override
    public int maxLength() {
        return 3_000;
    }

    @Override
    public String feed(byte[] input) {
        ManifestFile file = reader.read("f.yaml", input);
        int lines = lines(input);
        for (Problem problem : file.problems()) {
            int line = problem.place().line();
            Same.require("a line of the file " + problem, line >= 0 && line <= lines + 1, true);
        }
        Optional<Node> single = reader.readSingleDocument("f.yaml", input);
        single.ifPresent(node -> compare(node, new String(input, StandardCharsets.UTF_8)));
        return file.problems().isEmpty()
                ? "good " + (file.resources().isEmpty() ? "none" : "some") + single.isPresent()
                : file.problems().getFirst().code() + " "
                        + file.problems().getFirst().message();
    }

    private static int lines(byte[] input) {
        int lines = 1;
        for (int i = 0; i < input.length; i++) {
            // Also the line ends that YAML 1.1 knew: the parser counts them.
            lines += input[i] == '\n'
                            || input[i] == '\r'
                            || (input[i] & 0xff) == 0x85
                            || (input[i] & 0xff) == 0xa8
                            || (input[i] & 0xff) == 0xa9
                    ? 1
                    : 0;
        }
        return lines;
    }

    private static void compare(Node node, String text) {
        String unmarked = text.startsWith("\ufeff") ? text.substring(1) : text;
        Object expected;
        try {
            Iterator<Object> documents =
                    new Load(SETTINGS).loadAllFromString(unmarked).iterator();
            expected = documents.next();
            Same.require("one document", documents.hasNext(), false);
        } catch (DuplicateKeyException e) {
            // As numbers two keys may be one, which are two as texts.
            return;
        } catch (YamlEngineException e) {
            throw new AssertionError("the library refuses what was read: " + e.getMessage(), e);
        }
        requireSame(node, expected);
    }

    private static void requireSame(Node node, Object expected) {
        switch (node) {
            case Node.Mapping mapping -> {
                Same.require("a mapping", expected instanceof Map, true);
                Map<?, ?> map = (Map<?, ?>) expected;
                Same.require("keys", mapping.fields().size(), map.size());
                Iterator<?> values = map.values().iterator();
                mapping.fields().values().forEach(value -> requireSame(value, values.next()));
            }
            case Node.Sequence sequence -> {
                Same.require("a sequence", expected instanceof List, true);
                List<?> list = (List<?>) expected;
                Same.require("items", sequence.items().size(), list.size());
                for (int i = 0; i < list.size(); i++) {
                    requireSame(sequence.items().get(i), list.get(i));
                }
            }
            case Node.Scalar scalar -> requireSame(scalar, expected);
        }
    }

    private static void requireSame(Node.Scalar scalar, Object expected) {
        String text = scalar.text();
        switch (scalar.type()) {
            // The core schema's other spellings are text to the library's JSON schema.
            case NULL -> Same.require("null", expected == null || expected.equals(text), true);
            case BOOLEAN ->
                Same.require(text, expected.toString().toLowerCase(Locale.ROOT), text.toLowerCase(Locale.ROOT));
            case INTEGER -> Same.require(text, new BigInteger(String.valueOf(expected)), new BigInteger(text));
            case DECIMAL -> Same.require(text, Double.parseDouble(String.valueOf(expected)), Double.parseDouble(text));
            // Such as ".5" and "1.", which the library takes for numbers and JSON does not.
            case TEXT -> {
                if (expected instanceof Double number) {
                    Same.require(text, number, Double.parseDouble(text));
                } else {
                    Same.require("text", expected, text);
                }
            }
        }
    }
}
