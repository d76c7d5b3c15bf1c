package dev.exeat.control.access;

import dev.exeat.control.store.Change;
import dev.exeat.control.store.StoredObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes lines of the audit log: JSON of printable ASCII, whatever a client calls itself and its objects. */
final class AuditLine {
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final String DELETE = String.valueOf((char) 0x7f);
    private static final int MOST = 256;

    private AuditLine() {}

    static byte[] of(Instant time, AuditEntry entry, int code, AuditLog.Changes changes) {
        ObjectNode line = begin(time, entry, code);
        ArrayNode done = line.putArray("changes");
        for (Change change : changes.first()) {
            add(done.addObject(), change);
        }
        if (changes.leftOut() > 0) {
            line.put("changes_left_out", changes.leftOut());
        }
        return end(line);
    }

    static byte[] ofStranger(Instant time, AuditEntry entry, int code, long leftOut) {
        ObjectNode line = begin(time, entry, code);
        line.putArray("changes");
        return end(line.put("strangers_left_out", leftOut));
    }

    static byte[] ofLoss(Instant time, long lines) {
        return end(JsonNodeFactory.instance
                .objectNode()
                .put("time", time.toString())
                .put("lost_lines", lines));
    }

    private static ObjectNode begin(Instant time, AuditEntry entry, int code) {
        Attributes asked = entry.asked();
        Caller caller = entry.caller();
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("time", time.toString());
        line.put("user", caller == null ? "" : cut(caller.user()));
        if (caller != null && !caller.by().isEmpty()) {
            line.put("impersonated_by", cut(caller.by()));
        }
        line.put("verb", cut(asked.verb()));
        if (asked.path().isEmpty()) {
            line.put("group", cut(asked.group()))
                    .put("version", cut(entry.version()))
                    .put("resource", cut(asked.fullResource()))
                    .put("namespace", cut(asked.namespace()))
                    .put("name", cut(asked.name()));
        } else {
            line.put("path", cut(asked.path()));
        }
        line.put("code", code).put("source", cut(entry.source())).put("user_agent", cut(entry.agent()));
        if (entry.dryRun()) {
            line.put("dry_run", true);
        }
        return line;
    }

    private static void add(ObjectNode done, Change change) {
        done.put(
                "object",
                change.object().key().resource() + "/" + change.object().key().namespace() + "/"
                        + change.object().key().name());
        done.put("before", digest(change.previous()));
        done.put("after", change.type() == Change.Type.DELETED ? null : digest(change.object()));
    }

    private static @Nullable String digest(@Nullable StoredObject object) {
        if (object == null) {
            return null;
        }
        ObjectNode body = object.body().deepCopy();
        body.withObject("/metadata").remove("resourceVersion");
        body.withObject("/metadata").remove("managedFields");
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256")
                    .digest(JsonMapper.shared().writeValueAsBytes(body));
            return "sha256:" + HexFormat.of().formatHex(sum);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST);
    }

    private static byte[] end(ObjectNode line) {
        // Jackson leaves DELETE as it is, which a terminal may not.
        return (ASCII.writeValueAsString(line).replace(DELETE, "\\u007f") + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
