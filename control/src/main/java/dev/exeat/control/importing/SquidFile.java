package dev.exeat.control.importing;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The directives of a Squid configuration, in words. A line that ends in a backslash goes on in the next; a # begins a
 * comment at the start of a word.
 */
record SquidFile(List<Directive> directives) {
    private static final int MAX_DIRECTIVES = 100_000;

    /** @param words at least one: the directive's name */
    record Directive(Place place, List<String> words) {
        Directive {
            words = List.copyOf(words);
        }

        String name() {
            return words.getFirst();
        }

        List<String> arguments() {
            return words.subList(1, words.size());
        }

        @Override
        public String toString() {
            return String.join(" ", words);
        }
    }

    SquidFile {
        directives = List.copyOf(directives);
    }

    /** @throws ImportException if it is too large or no text, or leaves out what other files say */
    static SquidFile parse(String file, byte[] content) {
        if (content.length > ManifestReader.MAX_BYTES) {
            throw new ImportException(
                    new Place(file, 0, 0), "the file is larger than " + ManifestReader.MAX_BYTES + " octets", "");
        }
        List<Directive> directives = new ArrayList<>();
        String[] lines = text(file, content).split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Place place = new Place(file, i + 1, 1);
            StringBuilder line = new StringBuilder(lines[i]);
            while (line.toString().endsWith("\\") && i + 1 < lines.length) {
                line.setLength(line.length() - 1);
                line.append(' ').append(lines[++i]);
            }
            List<String> words = words(line.toString());
            if (!words.isEmpty()) {
                directives.add(checked(new Directive(place, words)));
            }
            if (directives.size() > MAX_DIRECTIVES) {
                throw new ImportException(place, "the file has more than " + MAX_DIRECTIVES + " directives", "");
            }
        }
        return new SquidFile(directives);
    }

    private static String text(String file, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ImportException(new Place(file, 0, 0), "the file is no UTF-8 text", "");
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.strip().split("[ \t]+", -1)) {
            if (word.startsWith("#")) {
                break;
            }
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** Rules that are not in the file might deny. */
    private static Directive checked(Directive directive) {
        return switch (directive.name()) {
            case "include" ->
                throw new ImportException(
                        directive.place(),
                        "the file includes others, whose rules count in their place",
                        "put them in here");
            case "if", "else", "endif" ->
                throw new ImportException(
                        directive.place(), "conditions are not evaluated", "leave the lines that hold");
            default -> directive;
        };
    }
}
