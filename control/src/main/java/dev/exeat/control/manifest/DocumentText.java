package dev.exeat.control.manifest;

import java.util.ArrayList;
import java.util.List;

/**
 * One document of a YAML stream as text. The stream is cut before it is parsed, so that a syntax error in one
 * document does not hide the others: at the start of a line {@code ---} and {@code ...} are markers everywhere, even
 * within a scalar (YAML 1.2.2, section 9.1.2).
 *
 * @param firstLine the line in the file on which the text starts, counting from 1
 */
record DocumentText(String text, int firstLine) {

    static List<DocumentText> split(String stream) {
        List<DocumentText> documents = new ArrayList<>();
        int start = 0;
        int startLine = 1;
        int line = 1;
        boolean directivesOnly = true;
        boolean directive = false;
        for (int at = 0; at < stream.length(); line++) {
            int next = nextLine(stream, at);
            if (isMarker(stream, at, "---")) {
                boolean belongsToDirectives = directive && directivesOnly;
                if (!belongsToDirectives && at > start) {
                    documents.add(new DocumentText(stream.substring(start, at), startLine));
                    start = at;
                    startLine = line;
                }
                directivesOnly = false;
            } else if (isMarker(stream, at, "...")) {
                documents.add(new DocumentText(stream.substring(start, next), startLine));
                start = next;
                startLine = line + 1;
                directivesOnly = true;
                directive = false;
            } else if (stream.charAt(at) == '%' && directivesOnly) {
                directive = true;
            } else if (!isBlankOrComment(stream, at, next)) {
                directivesOnly = false;
            }
            at = next;
        }
        if (start < stream.length()) {
            documents.add(new DocumentText(stream.substring(start), startLine));
        }
        return documents;
    }

    private static int nextLine(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                return i + 1;
            }
            if (c == '\r') {
                return i + 1 < text.length() && text.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            }
        }
        return text.length();
    }

    private static boolean isMarker(String text, int at, String marker) {
        if (!text.startsWith(marker, at)) {
            return false;
        }
        int after = at + marker.length();
        return after == text.length() || " \t\r\n".indexOf(text.charAt(after)) >= 0;
    }

    private static boolean isBlankOrComment(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '#') {
                return true;
            }
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }
}
