package dev.exeat.cli.objects;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that could not be done with an object, in the words that kubectl has for it. */
public final class ObjectException extends RuntimeException {
    private final transient @Nullable JsonNode status;
    private final boolean whole;

    private ObjectException(String message, @Nullable JsonNode status, boolean whole) {
        super(message, null, false, false);
        this.status = status;
        this.whole = whole;
    }

    /** What this program finds by itself. */
    static ObjectException of(String message) {
        return new ObjectException(message, null, false);
    }

    /** What is told as it is. */
    static ObjectException saying(String message) {
        return new ObjectException(message, null, true);
    }

    /** @param status the {@code Status} object by which the server refuses */
    static ObjectException refused(JsonNode status) {
        return new ObjectException(status.path("message").asString(""), status, false);
    }

    /** The same, with what was being done before it. */
    ObjectException during(String doing) {
        return new ObjectException(doing + ": " + getMessage(), status, false);
    }

    /** The reason that the server gives; empty if it was not the server. */
    String reason() {
        return status == null ? "" : status.path("reason").asString("");
    }

    boolean isNotFound() {
        return reason().equals("NotFound");
    }

    /** As kubectl ends with it. */
    String alone() {
        if (status == null) {
            return whole ? text() : "error: " + text();
        }
        return reason().equals("Invalid") ? invalid(status.path("details")) : fromServer();
    }

    /** As kubectl tells it among others. */
    String amongOthers() {
        return status == null ? text() : fromServer();
    }

    private String text() {
        return String.valueOf(getMessage());
    }

    private String fromServer() {
        return switch (reason()) {
            case "Unauthorized" -> "error: You must be logged in to the server (" + text() + ")";
            case "" -> "Error from server: " + text();
            default -> "Error from server (" + reason() + "): " + text();
        };
    }

    private String invalid(JsonNode details) {
        if (details.isMissingNode()) {
            return "The request is invalid" + (text().isEmpty() ? "" : ": " + text());
        }
        String subject = "The " + details.path("kind").asString("") + " \""
                + details.path("name").asString("") + "\" is invalid";
        List<String> causes = new ArrayList<>();
        for (JsonNode cause : details.path("causes")) {
            String field = cause.path("field").asString("");
            String line = (field.isEmpty() ? "" : field + ": ")
                    + cause.path("message").asString("");
            if (!causes.contains(line)) {
                causes.add(line);
            }
        }
        return switch (causes.size()) {
            case 0 -> subject;
            case 1 -> subject + ": " + causes.getFirst();
            default -> subject + ": \n* " + String.join("\n* ", causes);
        };
    }
}
