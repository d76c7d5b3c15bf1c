package dev.exeat.control.kube;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Attributes;
import dev.exeat.control.access.AuditEntry;
import dev.exeat.control.access.AuditException;
import dev.exeat.control.access.AuditLog;
import dev.exeat.control.access.Caller;
import dev.exeat.control.access.Credentials;
import dev.exeat.control.access.ForbiddenException;
import dev.exeat.control.access.Impersonation;
import dev.exeat.control.access.UnauthenticatedException;
import dev.exeat.control.api.ClientCertificate;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Asks who calls and whether they may, before anything of a request is read but its head. Thread-safe. */
final class KubeAccess {
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");

    private final AccessControl access;
    private final Impersonation impersonation;

    KubeAccess(AccessControl access) {
        this.access = access;
        this.impersonation = new Impersonation(access.authorizer());
    }

    /**
     * A request whose caller may make it.
     *
     * @param version of the API, empty for what is no object
     */
    record Admitted(Caller caller, Attributes asked, String version, Request request) {
        boolean isWrite() {
            return KubeAccess.isWrite(asked);
        }
    }

    /** Whether the audit log tells of it: not of questions, though they are created. */
    private static boolean isWrite(Attributes asked) {
        return WRITES.contains(asked.verb()) && !asked.resource().endsWith("reviews");
    }

    /** @throws KubeException 401 or 403 */
    Admitted admit(Request request, List<String> segments, KubePaths.@Nullable Target target) {
        Attributes asked = attributes(request, segments, target);
        String version = target == null ? "" : target.version().name();
        Function<String, List<String>> headers = request.getHeaders()::getValuesList;
        Caller caller;
        try {
            caller = access.authenticator().authenticate(new Credentials(headers, ClientCertificate.of(request)));
        } catch (UnauthenticatedException e) {
            if (isWrite(asked)) {
                access.audit().stranger(entry(null, asked, version, request), 401);
            }
            throw KubeException.unauthorized();
        }
        Caller acting = caller;
        try {
            acting = impersonation.apply(caller, headers);
            access.authorizer().require(acting, asked);
        } catch (ForbiddenException e) {
            if (isWrite(asked)) {
                access.audit().refused(entry(acting, asked, version, request), 403);
            }
            throw KubeException.forbidden(e);
        } catch (IllegalArgumentException e) {
            throw KubeException.badRequest(String.valueOf(e.getMessage()));
        }
        return new Admitted(acting, asked, version, request);
    }

    /** Does a write and tells of it. */
    <T> T audited(Admitted admitted, Supplier<T> work, AuditLog.Outcome<T> outcome) {
        try {
            return access.audit()
                    .during(
                            entry(admitted.caller(), admitted.asked(), admitted.version(), admitted.request()),
                            work,
                            outcome);
        } catch (AuditException e) {
            throw KubeException.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static AuditEntry entry(@Nullable Caller caller, Attributes asked, String version, Request request) {
        String query = request.getHttpURI().getQuery();
        return new AuditEntry(
                caller,
                asked,
                version,
                Request.getRemoteAddr(request),
                String.valueOf(request.getHeaders().get("User-Agent")),
                query != null && query.contains("dryRun=All"));
    }

    private static Attributes attributes(Request request, List<String> segments, KubePaths.@Nullable Target target) {
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        if (target == null) {
            return Attributes.ofPath(method.toLowerCase(Locale.ROOT), "/" + String.join("/", segments));
        }
        // A namespace lies in itself, so that a binding there lets it be seen.
        boolean isNamespace = target.kind().plural().equals("namespaces")
                && target.kind().group().isEmpty();
        return Attributes.of(
                verb(method, request, target),
                target.kind().group(),
                target.kind().plural(),
                target.subresource(),
                isNamespace ? target.name() : target.namespace(),
                target.name());
    }

    private static String verb(String method, Request request, KubePaths.Target target) {
        boolean named = !target.name().isEmpty();
        if (target.subresource().equals("exec")) {
            return "create"; // Whichever method opens the connection, a command is begun.
        }
        return switch (method) {
            case "GET" -> KubeHandler.isWatch(request) ? "watch" : named ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> method.toLowerCase(Locale.ROOT);
        };
    }
}
