package dev.exeat.proxy.h2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request's header list asks for, by the rules of RFC 9113 section 8. */
sealed interface RequestFields {

    record Connect(String authority, List<HeaderField> headers) implements RequestFields {}

    /** A well-formed request that opens no tunnel. */
    record Other(int status, String detail) implements RequestFields {}

    record Malformed(String detail) implements RequestFields {}

    Set<String> PSEUDO_FIELDS = Set.of(":method", ":authority", ":scheme", ":path");

    Set<String> CONNECTION_FIELDS =
            Set.of("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade");

    static RequestFields of(HpackDecoder.Block block) {
        if (block.tooLarge()) {
            return new Other(431, "The request's header list is larger than the limit.");
        }
        Map<String, String> pseudo = new HashMap<>();
        List<HeaderField> headers = new ArrayList<>();
        for (HeaderField field : block.fields()) {
            String problem = problemWith(field);
            if (problem != null) {
                return new Malformed(problem);
            }
            if (!field.name().startsWith(":")) {
                headers.add(field);
            } else if (!headers.isEmpty()) {
                return new Malformed("A pseudo-header field stands behind a header field.");
            } else if (!PSEUDO_FIELDS.contains(field.name())) {
                return new Malformed("The request has a pseudo-header field that is not known here.");
            } else if (pseudo.put(field.name(), field.value()) != null) {
                return new Malformed("The request has two fields " + field.name() + ".");
            }
        }
        return judge(pseudo, headers);
    }

    private static boolean isEmpty(@Nullable String value) {
        return value == null || value.isEmpty();
    }

    private static RequestFields judge(Map<String, String> pseudo, List<HeaderField> headers) {
        String method = pseudo.get(":method");
        if (method == null) {
            return new Malformed("The request has no method.");
        }
        if (!method.equals("CONNECT")) {
            return isEmpty(pseudo.get(":scheme")) || isEmpty(pseudo.get(":path"))
                    ? new Malformed("The request has no scheme or no path.")
                    : new Other(405, "Only the method CONNECT is served here.");
        }
        if (pseudo.containsKey(":scheme") || pseudo.containsKey(":path")) {
            return new Malformed("A CONNECT request has a scheme or a path.");
        }
        String authority = pseudo.get(":authority");
        if (authority == null || authority.isEmpty()) {
            return new Malformed("A CONNECT request has no authority.");
        }
        for (HeaderField field : headers) {
            if (field.name().equals("host") && !field.value().equalsIgnoreCase(authority)) {
                return new Malformed("The Host field names another host than the authority.");
            }
            if (field.name().equals("content-length") && !field.value().equals("0")) {
                return new Malformed("A CONNECT request announces a body.");
            }
        }
        return new Connect(authority, List.copyOf(headers));
    }

    /** RFC 9113 sections 8.2.1 and 8.2.2. */
    private static @Nullable String problemWith(HeaderField field) {
        String name = field.name();
        if (name.isEmpty() || name.equals(":")) {
            return "A header field has no name.";
        }
        for (int i = name.charAt(0) == ':' ? 1 : 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
                return "A header field's name holds a character that is not allowed in one.";
            }
        }
        if (CONNECTION_FIELDS.contains(name)
                || (name.equals("te") && !field.value().equals("trailers"))) {
            return "The request has a header field that belongs to HTTP/1.1 connections.";
        }
        String value = field.value();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0 || c == '\r' || c == '\n') {
                return "A header field's value holds a line end or NUL.";
            }
        }
        boolean spaced = !value.isEmpty() && (isSpace(value.charAt(0)) || isSpace(value.charAt(value.length() - 1)));
        return spaced ? "A header field's value begins or ends with a space." : null;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
