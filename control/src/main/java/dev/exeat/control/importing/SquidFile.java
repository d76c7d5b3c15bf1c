package dev.exeat.control.importing;

import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Place;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The directives of a Squid configuration, in words, as Squid's own parser takes the lines: one that ends in a backslash
 * goes on in the next without a blank between; empty lines and those of comments count nowhere, not even with a backslash
 * or where a line goes on. A # begins a comment at the start of a word.
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
        StringBuilder joined = new StringBuilder();
        Place place = new Place(file, 1, 1);
        String[] lines = text(file, content).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = written(lines[i]);
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            place = joined.isEmpty() ? new Place(file, i + 1, 1) : place;
            joined.append(line);
            if (line.endsWith("\\")) {
                joined.setLength(joined.length() - 1);
                continue;
            }
            List<String> words = words(joined.toString());
            joined.setLength(0);
            if (!words.isEmpty()) {
                directives.add(checked(new Directive(place, words)));
            }
            if (directives.size() > MAX_DIRECTIVES) {
                throw new ImportException(place, "the file has more than " + MAX_DIRECTIVES + " directives", "");
            }
        }
        if (!joined.isEmpty()) {
            throw new ImportException(place, "the line goes on, but the file ends", "take the last backslash away");
        }
        return new SquidFile(directives);
    }

    /** Without blanks before it, and what follows a carriage return, which ends a line. */
    private static String written(String line) {
        int end = line.indexOf('\r');
        String kept = end < 0 ? line : line.substring(0, end);
        int start = 0;
        while (start < kept.length() && Character.isWhitespace(kept.charAt(start))) {
            start++;
        }
        return kept.substring(start);
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
            case "miss_access", "adapted_http_access", "http_access2" -> {
                if (directive.words().size() != 3 || !directive.arguments().equals(List.of("allow", "all"))) {
                    throw new ImportException(
                            directive.place(),
                            directive.name() + " decides too, and is not read",
                            "say with http_access what it forbids");
                }
                yield directive;
            }
            case "if", "else", "endif" ->
                throw new ImportException(
                        directive.place(), "conditions are not evaluated", "leave the lines that hold");
            default -> directive;
        };
    }
}
