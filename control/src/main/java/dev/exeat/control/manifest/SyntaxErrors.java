package dev.exeat.control.manifest;

import dev.exeat.model.Place;
import dev.exeat.model.Problem;
import java.util.Locale;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Tells what the YAML parser stumbled over in the words of somebody who has to mend the file. */
final class SyntaxErrors {
    private record Told(String code, String message, String cure) {}

    private SyntaxErrors() {}

    static Problem describe(String file, DocumentText document, YamlEngineException error) {
        Place place = new Place(file, document.firstLine(), 1);
        String problem = String.valueOf(error.getMessage());
        String context = "";
        if (error instanceof MarkedYamlEngineException marked) {
            problem = String.valueOf(marked.getProblem());
            context = marked.getContext() == null ? "" : marked.getContext();
            // What never ends is told where it begins: the end of the document says nothing.
            boolean unended = problem.contains("end of stream") || problem.contains("<stream end>");
            boolean atContext = marked.getProblemMark().isEmpty()
                    || (unended && marked.getContextMark().isPresent());
            place = NodeBuilder.place(
                    file, document.firstLine(), atContext ? marked.getContextMark() : marked.getProblemMark());
        }
        Told told = tell(problem, context, startsWithTab(document, place.line()));
        return new Problem(Problem.Severity.ERROR, told.code(), place, null, "", told.message(), told.cure());
    }

    /** What made the YAML parser itself fail, so that nobody knows in which line. */
    static Problem unreadable(String file, DocumentText document) {
        return new Problem(
                Problem.Severity.ERROR,
                "yaml-syntax",
                new Place(file, document.firstLine(), 1),
                null,
                "",
                "the document that begins here cannot be read",
                "look for an escape in a quoted text that is cut short, such as \\u without its four digits");
    }

    private static Told tell(String problem, String context, boolean tab) {
        String lower = problem.toLowerCase(Locale.ROOT);
        if (tab || lower.contains("tab")) {
            return new Told("yaml-tab", "the line is indented with a tab", "indent with spaces");
        }
        if (lower.contains("mapping values are not allowed")) {
            return new Told(
                    "yaml-syntax",
                    "a key is not allowed here",
                    "check the indentation of this line and the one above; a text that contains ': ' needs quotes");
        }
        if (lower.contains("expected <block end>")) {
            return new Told(
                    "yaml-indentation",
                    "the line does not fit the lines above it",
                    "indent the keys of one object, and the dashes of one list, alike");
        }
        if (lower.contains("could not find expected ':'")) {
            return new Told("yaml-syntax", "a ':' is missing after the key", "write \"key: value\"");
        }
        if (lower.contains("unexpected end of stream")) {
            return new Told("yaml-syntax", "a quoted text that begins here does not end", "close the quotes");
        }
        if (context.contains("flow mapping") || context.contains("flow sequence")) {
            String opened = context.contains("flow mapping") ? "{" : "[";
            return new Told(
                    "yaml-syntax",
                    "what begins with " + opened + " is not closed",
                    "separate the items by commas, and close it");
        }
        if (context.contains("flow node")) {
            return new Told("yaml-syntax", "a value is missing within { or [", "close what was opened above");
        }
        if (lower.contains("cannot start any token")) {
            return new Told("yaml-syntax", "a text cannot begin with this character", "put the text into quotes");
        }
        if (lower.contains("escape character")) {
            return new Told(
                    "yaml-syntax",
                    "double quotes do not know this escape",
                    "write \\\\ for a backslash, or use single quotes");
        }
        return new Told("yaml-syntax", context.isEmpty() ? problem : context + ": " + problem, "");
    }

    private static boolean startsWithTab(DocumentText document, int line) {
        String[] lines = document.text().split("\r\n|\r|\n", -1);
        int index = line - document.firstLine();
        return index >= 0
                && index < lines.length
                && lines[index].stripLeading().length() < lines[index].length()
                && lines[index]
                                .substring(
                                        0,
                                        lines[index].length()
                                                - lines[index].stripLeading().length())
                                .indexOf('\t')
                        >= 0;
    }

    /** Refuses control characters, NUL first, wherever they stand (YAML 1.2.2, section 5.1). */
    static void refuseForbiddenCharacters(String file, DocumentText document) {
        int line = document.firstLine();
        int column = 1;
        String text = document.text();
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            if (!isAllowed(character)) {
                throw forbidden(new Place(file, line, column), character);
            }
            at += Character.charCount(character);
            column = character == '\n' ? 1 : column + 1;
            line += character == '\n' ? 1 : 0;
        }
    }

    /** The same for a text that was written in JSON, where control characters are escaped, and so may be there. */
    static void refuseForbiddenCharacters(Place place, String text) {
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            if (character >= ' ' && !isAllowed(character)) {
                throw forbidden(place, character);
            }
            at += Character.charCount(character);
        }
    }

    private static DocumentException forbidden(Place place, int character) {
        return new DocumentException(
                "yaml-character",
                place,
                String.format(Locale.ROOT, "the character U+%04X is not allowed in a manifest", character),
                "remove it, or write it as an escape in double quotes");
    }

    private static boolean isAllowed(int c) {
        boolean plain = c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c <= 0x7e);
        return plain || c == 0x85 || (c >= 0xa0 && c <= 0xfffd && !Character.isSurrogate((char) c)) || c >= 0x10000;
    }
}
