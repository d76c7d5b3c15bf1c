package dev.exeat.control.kube;

import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that is refused; answered as a {@code Status} object (Kubernetes API conventions, "Response Status Kind"). */
final class KubeException extends RuntimeException {
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final int INVALID = 422;
    private static final int TOO_MANY = 429;
    private static final int FAULT = 500;
    private static final int INSUFFICIENT_STORAGE = 507;

    private final int code;
    private final String reason;
    private final ObjectNode details;

    /** One thing that is wrong with an object. */
    record Cause(String field, String message) {}

    private KubeException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = JsonNodeFactory.instance.objectNode();
    }

    static KubeException badRequest(String message) {
        return new KubeException(BAD_REQUEST, "BadRequest", message);
    }

    static KubeException unauthorized() {
        return new KubeException(UNAUTHORIZED, "Unauthorized", "Unauthorized");
    }

    static KubeException forbidden(String message) {
        return new KubeException(FORBIDDEN, "Forbidden", message);
    }

    static KubeException noSuchPath() {
        return new KubeException(NOT_FOUND, "NotFound", "the server could not find the requested resource");
    }

    static KubeException noSuchMethod() {
        return new KubeException(
                METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource");
    }

    static KubeException unsupported(String message) {
        return new KubeException(UNSUPPORTED, "UnsupportedMediaType", message);
    }

    static KubeException tooLarge(int most) {
        return new KubeException(
                TOO_LARGE, "RequestEntityTooLarge", "the body of the request is larger than " + most + " octets");
    }

    static KubeException tooManyWatches() {
        return new KubeException(
                TOO_MANY, "TooManyRequests", "there are too many watches at one time; try again later");
    }

    static KubeException fault() {
        return new KubeException(FAULT, "InternalError", "a fault in Exeat; its own log says more");
    }

    /** A patch that cannot be made. */
    static KubeException invalidRequest() {
        return new KubeException(INVALID, "Invalid", "the server rejected our request due to an error in our request");
    }

    static KubeException expired(String message) {
        return new KubeException(GONE, "Expired", message);
    }

    static KubeException exists(String group, String plural, String name) {
        return named(CONFLICT, "AlreadyExists", " already exists", group, plural, name);
    }

    /** The object is another than the caller knows. */
    static KubeException conflict(String group, String plural, String name) {
        return named(CONFLICT, "Conflict", " is not the object that is meant; its uid differs", group, plural, name);
    }

    /** @param place where the object stands, and alone can be changed */
    static KubeException readOnly(String group, String plural, String name, String place) {
        return named(
                FORBIDDEN,
                "Forbidden",
                " is forbidden: it stands in " + place + " and is changed there",
                group,
                plural,
                name);
    }

    private static KubeException named(int code, String reason, String says, String group, String plural, String name) {
        KubeException refusal = new KubeException(code, reason, new StoreKey(group, plural, "", name) + says);
        refusal.details.put("name", name).put("group", group).put("kind", plural);
        return refusal;
    }

    static KubeException namespaceMissing(String namespace) {
        KubeException missing = new KubeException(NOT_FOUND, "NotFound", "namespaces \"" + namespace + "\" not found");
        missing.details.put("name", namespace).put("kind", "namespaces");
        return missing;
    }

    static KubeException invalid(String group, String kind, String name, List<Cause> causes) {
        String all = String.join(
                ", ",
                causes.stream()
                        .map(cause -> (cause.field().isEmpty() ? "" : cause.field() + ": ") + cause.message())
                        .toList());
        String subject = group.isEmpty() ? kind : kind + "." + group;
        KubeException invalid = new KubeException(
                INVALID,
                "Invalid",
                subject + " \"" + name + "\" is invalid: " + (causes.size() == 1 ? all : "[" + all + "]"));
        invalid.details.put("name", name).put("group", group).put("kind", kind);
        for (Cause cause : causes) {
            invalid.details
                    .withArray("/causes")
                    .addObject()
                    .put("reason", "FieldValueInvalid")
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
        return invalid;
    }

    static KubeException of(StoreException e, String group, String plural, String name) {
        String message = String.valueOf(e.getMessage());
        KubeException status = switch (e.kind()) {
            case EXISTS -> new KubeException(CONFLICT, "AlreadyExists", message);
            case MISSING -> new KubeException(NOT_FOUND, "NotFound", message);
            case CONFLICT -> new KubeException(CONFLICT, "Conflict", message);
            case EXPIRED -> expired(message);
            case FAILED -> new KubeException(INSUFFICIENT_STORAGE, "InternalError", message);
        };
        status.details.put("name", name).put("group", group).put("kind", plural);
        return status;
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }
}
