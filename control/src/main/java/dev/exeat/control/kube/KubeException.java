package dev.exeat.control.kube;

import dev.exeat.control.access.Attributes;
import dev.exeat.control.access.ForbiddenException;
import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kube.fields.ApplyConflictException;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A request that is refused; answered as a {@code Status} object (Kubernetes API conventions, "Response Status Kind"). */
public final class KubeException extends RuntimeException {
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int BODY_TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final int INVALID = 422;
    private static final int TOO_MANY = 429;
    private static final int FAULT = 500;
    private static final int TIMEOUT = 504;
    private static final int UNAVAILABLE = 503;
    private static final int INSUFFICIENT_STORAGE = 507;

    private final int code;
    private final String reason;
    private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    private final ObjectNode details;

    /**
     * One thing that is wrong with an object.
     *
     * @param reason as the API names it, such as {@code FieldValueInvalid}
     */
    record Cause(String reason, String field, String message) {}

    private KubeException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = JsonNodeFactory.instance.objectNode();
    }

    public static KubeException badRequest(String message) {
        return new KubeException(BAD_REQUEST, "BadRequest", message);
    }

    static KubeException unauthorized() {
        return new KubeException(UNAUTHORIZED, "Unauthorized", "Unauthorized");
    }

    static KubeException forbidden(String message) {
        return new KubeException(FORBIDDEN, "Forbidden", message);
    }

    public static KubeException tooMany(String message) {
        return new KubeException(TOO_MANY, "TooManyRequests", message);
    }

    static KubeException forbidden(ForbiddenException refusal) {
        KubeException forbidden = forbidden(String.valueOf(refusal.getMessage()));
        Attributes asked = refusal.attributes();
        if (!asked.name().isEmpty()) {
            forbidden.details.put("name", asked.name());
        }
        if (!asked.group().isEmpty()) {
            forbidden.details.put("group", asked.group());
        }
        if (!asked.resource().isEmpty()) {
            forbidden.details.put("kind", asked.resource());
        }
        return forbidden;
    }

    static KubeException unavailable(String message) {
        return new KubeException(UNAVAILABLE, "ServiceUnavailable", message);
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

    static KubeException bodyTimeout() {
        return new KubeException(BODY_TIMEOUT, "Timeout", "the body did not arrive in time");
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

    /** @param next a token by which the list can be gone on with all the same */
    static KubeException expired(String message, String next) {
        KubeException expired = expired(message);
        expired.metadata.put("continue", next);
        return expired;
    }

    static KubeException versionToCome(long asked, long current) {
        KubeException timeout = new KubeException(
                TIMEOUT, "Timeout", "Timeout: Too large resource version: " + asked + ", current: " + current);
        timeout.details
                .putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        timeout.details.put("retryAfterSeconds", 1);
        return timeout;
    }

    static KubeException exists(StoreKey key) {
        return new KubeException(CONFLICT, "AlreadyExists", key + " already exists")
                .details(key.name(), key.group(), key.resource());
    }

    public static KubeException missing(StoreKey key) {
        return new KubeException(NOT_FOUND, "NotFound", key + " not found")
                .details(key.name(), key.group(), key.resource());
    }

    /** @param place where the object stands, and alone can be changed */
    static KubeException readOnly(StoreKey key, String place) {
        return new KubeException(
                        FORBIDDEN, "Forbidden", key + " is forbidden: it stands in " + place + " and is changed there")
                .details(key.name(), key.group(), key.resource());
    }

    /** The object is another than the caller knows. */
    static KubeException precondition(Kind kind, String name, String why) {
        String subject = kind.group().isEmpty() ? kind.name() : kind.name() + "." + kind.group();
        return new KubeException(
                        CONFLICT,
                        "Conflict",
                        "Operation cannot be fulfilled on " + subject + " \"" + name + "\": " + why)
                .details(name, kind.group(), kind.name());
    }

    static KubeException applyConflict(ApplyConflictException e) {
        KubeException conflict = new KubeException(CONFLICT, "Conflict", String.valueOf(e.getMessage()));
        conflict.causes(e.conflicts().stream()
                .map(field -> new Cause("FieldManagerConflict", field.field(), "conflict with " + field.owner()))
                .toList());
        return conflict;
    }

    /** What is applied does not fit the kind, which an API server calls its own error. */
    static KubeException untyped(String message) {
        return new KubeException(FAULT, "", message);
    }

    private KubeException details(String name, String group, String kind) {
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        if (!kind.isEmpty()) {
            details.put("kind", kind);
        }
        return this;
    }

    private void causes(List<Cause> causes) {
        for (Cause cause : causes) {
            details.withArray("/causes")
                    .addObject()
                    .put("reason", cause.reason())
                    .put("message", cause.message())
                    .put("field", cause.field());
        }
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
        invalid.details(name, group, kind).causes(causes);
        return invalid;
    }

    static KubeException of(StoreException e, StoreKey key) {
        String message = String.valueOf(e.getMessage());
        KubeException status = switch (e.kind()) {
            case EXISTS -> new KubeException(CONFLICT, "AlreadyExists", message);
            case MISSING -> new KubeException(NOT_FOUND, "NotFound", message);
            case CONFLICT -> new KubeException(CONFLICT, "Conflict", message);
            case EXPIRED -> expired(message);
            case FAILED -> new KubeException(INSUFFICIENT_STORAGE, "InternalError", message);
        };
        return status.details(key.name(), key.group(), key.resource());
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.set("metadata", metadata);
        status.put("status", "Failure").put("message", getMessage());
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }
}
