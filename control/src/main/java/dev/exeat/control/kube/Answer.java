package dev.exeat.control.kube;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A whole answer.
 *
 * @param contentType empty where there is no body
 * @param warnings for people, which kubectl prints
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Answer(int code, String contentType, byte[] body, List<String> warnings, Map<String, String> headers) {
    static final String JSON = "application/json";
    private static final int NOT_MODIFIED = 304;
    /** Codes of answers to requests whose body may be left unread. */
    private static final Set<Integer> LEFT_UNREAD = Set.of(400, 401, 403, 404, 405, 408, 413, 429, 503);

    static Answer json(int code, ObjectNode body) {
        return json(code, body, List.of());
    }

    static Answer json(int code, ObjectNode body, List<String> warnings) {
        return of(code, JSON, body, warnings);
    }

    static Answer of(int code, String contentType, ObjectNode body, List<String> warnings) {
        return new Answer(code, contentType, JsonMapper.shared().writeValueAsBytes(body), warnings, Map.of());
    }

    static Answer of(int code, String contentType, byte[] body, Map<String, String> headers) {
        return new Answer(code, contentType, body, List.of(), headers);
    }

    /** Without a body, nor a word on what it would be. */
    static Answer bare(int code, Map<String, String> headers) {
        return new Answer(code, "", new byte[0], List.of(), headers);
    }

    void write(Request request, Response response, Callback callback) {
        response.setStatus(code);
        if (LEFT_UNREAD.contains(code) && hasBody(request)) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close"); // What follows is the rest of the body.
        }
        if (!contentType.isEmpty()) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        headers.forEach(response.getHeaders()::put);
        warnings.forEach(warning -> response.getHeaders().add("Warning", "299 - " + quoted(warning)));
        boolean none = request.getMethod().equals("HEAD") || contentType.isEmpty();
        if (code == NOT_MODIFIED) {
            // In two steps, or a length would be told: clients put the headers over those of the document they have.
            response.write(false, null, Callback.from(() -> response.write(true, null, callback), callback::failed));
        } else {
            response.write(true, none ? null : ByteBuffer.wrap(body), callback);
        }
    }

    private static boolean hasBody(Request request) {
        return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    }

    /** A quoted-string of RFC 9110 section 5.6.4; what no header may hold is left out. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().limit(1024).forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
            } else {
                quoted.append(c < ' ' || c > '~' ? '?' : (char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
