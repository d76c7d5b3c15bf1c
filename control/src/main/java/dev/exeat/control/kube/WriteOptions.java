package dev.exeat.control.kube;

import dev.exeat.control.kube.fields.Author;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an object is to be written (Kubernetes API, {@code CreateOptions}, {@code UpdateOptions}, {@code PatchOptions}).
 *
 * @param manager who writes, as the client calls itself
 * @param force whether an apply takes fields that others own
 */
record WriteOptions(boolean dryRun, Unknown unknown, String manager, boolean force) {
    private static final int MOST_MANAGER = 128;

    /** What becomes of a body with fields that are unknown or given twice. */
    enum Unknown {
        IGNORE,
        WARN,
        STRICT
    }

    /** @throws KubeException 422 if a parameter is none */
    static WriteOptions of(KubeRequest request) {
        String kind = switch (request.method()) {
            case "POST" -> "CreateOptions";
            case "PUT" -> "UpdateOptions";
            default -> "PatchOptions";
        };
        boolean apply =
                request.method().equals("PATCH") && request.contentType().equals(Writes.APPLY_PATCH);
        KubeException.@Nullable Cause wrong = wrong(request, apply);
        if (wrong != null) {
            throw KubeException.invalid("meta.k8s.io", kind, "", List.of(wrong));
        }
        Unknown unknown = switch (request.parameter("fieldValidation")) {
            case "Strict" -> Unknown.STRICT;
            case "Ignore" -> Unknown.IGNORE;
            default -> Unknown.WARN;
        };
        return new WriteOptions(
                !request.parameter("dryRun").isEmpty(), unknown, request.manager(), request.flag("force"));
    }

    private static KubeException.@Nullable Cause wrong(KubeRequest request, boolean apply) {
        String dryRun = request.parameter("dryRun");
        String validation = request.parameter("fieldValidation");
        String manager = request.parameter("fieldManager");
        if (!dryRun.isEmpty() && !dryRun.equals("All")) {
            return unsupported("dryRun", "[\"" + dryRun + "\"]", "\"All\"");
        }
        if (!List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
            return unsupported("fieldValidation", "\"" + validation + "\"", "\"\", \"Ignore\", \"Strict\", \"Warn\"");
        }
        if (manager.length() > MOST_MANAGER) {
            return new KubeException.Cause(
                    "FieldValueTooLong", "fieldManager", "Too long: may not be more than " + MOST_MANAGER + " bytes");
        }
        if (apply && manager.isEmpty()) {
            return new KubeException.Cause(
                    "FieldValueRequired", "fieldManager", "Required value: is required for apply patch");
        }
        if (!apply
                && request.method().equals("PATCH")
                && !request.parameter("force").isEmpty()) {
            return new KubeException.Cause(
                    "FieldValueForbidden", "force", "Forbidden: may not be specified for non-apply patch");
        }
        return null;
    }

    private static KubeException.Cause unsupported(String field, String value, String supported) {
        return new KubeException.Cause(
                "FieldValueNotSupported", field, "Unsupported value: " + value + ": supported values: " + supported);
    }

    Author author(KubeRequest request) {
        return new Author(
                manager,
                request.kind().apiVersion(request.version()),
                request.subresource(),
                request.version().status());
    }
}
