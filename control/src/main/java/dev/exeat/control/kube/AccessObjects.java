package dev.exeat.control.kube;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Caller;
import dev.exeat.control.access.CertificateRequests;
import dev.exeat.control.access.ForbiddenException;
import dev.exeat.control.access.Reviews;
import dev.exeat.identity.IdentityStoreException;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidRefusedException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Creates what is about access: reviews, tokens, requests for certificates. Thread-safe. */
final class AccessObjects {
    private final AccessControl access;
    private final Reviews reviews;
    private final Objects objects;
    private final Writes writes;

    AccessObjects(AccessControl access, Objects objects, Writes writes) {
        this.access = access;
        this.reviews = new Reviews(access.authenticator(), access.authorizer());
        this.objects = objects;
        this.writes = writes;
    }

    /** @return null if what is to be created is an object like all others */
    Writes.@Nullable Written create(Caller caller, KubeRequest request) {
        String group = request.kind().group();
        String resource = request.kind().plural();
        try {
            if (resource.equals("serviceaccounts") && request.subresource().equals("token")) {
                return token(request);
            }
            if (!request.subresource().isEmpty()) {
                return null;
            }
            if (resource.endsWith("reviews") && group.startsWith("auth")) {
                return Writes.Written.created(
                        reviews.answer(caller, resource, request.namespace(), RequestBody.object(request)));
            }
            return CertificateRequests.apply(group, resource) ? certificate(caller, request) : null;
        } catch (ForbiddenException e) {
            throw KubeException.forbidden(e);
        } catch (IllegalArgumentException e) {
            throw invalid(request, String.valueOf(e.getMessage()));
        }
    }

    private static KubeException invalid(KubeRequest request, String message) {
        int colon = message.indexOf(": ");
        boolean named = colon > 0 && message.startsWith("spec.");
        return KubeException.invalid(
                request.kind().group(),
                request.kind().name(),
                request.name(),
                List.of(new KubeException.Cause(
                        "FieldValueInvalid",
                        named ? message.substring(0, colon) : "",
                        named ? message.substring(colon + 2) : message)));
    }

    private Writes.Written token(KubeRequest request) {
        ObjectNode account = objects.get(request);
        ServiceAccountRef ref = new ServiceAccountRef(request.namespace(), request.name());
        if (!(RequestBody.patch(request) instanceof ObjectNode body)) {
            throw KubeException.badRequest("the body of the request is no TokenRequest");
        }
        if (WriteOptions.of(request).dryRun()) {
            throw KubeException.badRequest("a token is made or it is not: there is no dry run of it");
        }
        return Writes.Written.created(
                access.tokens().answer(ref, account.at("/metadata/uid").asString(""), body));
    }

    /** Judged as a whole first, so that no certificate is signed for a request that is not kept. */
    private Writes.Written certificate(Caller caller, KubeRequest request) {
        ObjectNode body = RequestBody.object(request);
        String pem = access.certificates().prepare(caller, body);
        Writes.Written judged = writes.create(request.with(body, Map.of("dryRun", "All")));
        if (WriteOptions.of(request).dryRun()) {
            return judged;
        }
        try {
            access.certificates().sign(caller, pem, body);
        } catch (SvidRefusedException e) {
            throw switch (e.kind()) {
                case RATE_LIMITED -> KubeException.tooMany(String.valueOf(e.getMessage()));
                case BAD_CSR -> invalid(request, "spec.request: Invalid value: " + e.getMessage());
                case UNAUTHENTICATED, UNKNOWN_ACCOUNT -> KubeException.forbidden(String.valueOf(e.getMessage()));
            };
        } catch (IdentityStoreException e) {
            throw KubeException.unavailable("the authority cannot write its ledger; see the server's log");
        }
        Writes.Written written = writes.create(request.with(body, request.query()));
        access.certificates().forgetOld(caller);
        return written;
    }
}
