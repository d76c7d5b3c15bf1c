package dev.exeat.control.flows;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Attributes;
import dev.exeat.control.access.Authorizer.Reach;
import dev.exeat.control.access.Caller;
import dev.exeat.control.access.Credentials;
import dev.exeat.control.access.ForbiddenException;
import dev.exeat.control.access.Impersonation;
import dev.exeat.control.access.UnauthenticatedException;
import dev.exeat.control.api.ApiException;
import dev.exeat.control.api.ApiRequest;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.flow.query.Glob;
import java.util.Map;

/** Who may see which flows: a viewer of a namespace those of its identities, a viewer everywhere all. Thread-safe. */
final class FlowAccess {
    private static final String GROUP = "exeat.dev";
    private static final String RESOURCE = "flows";

    private final AccessControl access;
    private final Impersonation impersonation;

    FlowAccess(AccessControl access) {
        this.access = access;
        this.impersonation = new Impersonation(access.authorizer());
    }

    /**
     * Whose flows a caller sees.
     *
     * @throws ApiException 403 if none
     */
    Sight admit(Caller caller, String verb, FlowFilter filter) {
        Attributes everywhere = Attributes.of(verb, GROUP, RESOURCE, "", "", "");
        Reach reach = access.authorizer().reach(caller, everywhere);
        if (reach.isNowhere()) {
            throw forbidden(caller, everywhere);
        }
        for (Condition condition : filter.conditions()) {
            for (Glob glob : condition.globs()) {
                boolean named = condition.field() == FlowField.NAMESPACE
                        && !condition.negated()
                        && !glob.pattern().contains("*");
                if (named && !reach.covers(glob.pattern())) {
                    throw forbidden(caller, Attributes.of(verb, GROUP, RESOURCE, "", glob.pattern(), ""));
                }
            }
        }
        return new Sight(() -> access.authorizer().reach(caller, everywhere));
    }

    /**
     * Who asks.
     *
     * @throws ApiException 401 without a proof, 403 or 400 where it acts as somebody else and may not
     */
    Caller caller(ApiRequest request) {
        try {
            Caller caller = access.authenticator()
                    .authenticate(
                            new Credentials(request.headers(), request.caller().certificate()));
            return impersonation.apply(caller, request.headers());
        } catch (UnauthenticatedException e) {
            throw new ApiException(
                    401,
                    "unauthenticated",
                    "the request proves nobody",
                    "send a token or a client certificate of this API",
                    Map.of("WWW-Authenticate", "Bearer"));
        } catch (ForbiddenException e) {
            throw new ApiException(403, "forbidden", String.valueOf(e.getMessage()), "");
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid_request", String.valueOf(e.getMessage()), "");
        }
    }

    private static ApiException forbidden(Caller caller, Attributes asked) {
        return new ApiException(
                403,
                "forbidden",
                asked.refusal(caller),
                "the role viewer is needed, everywhere or in a namespace: kubectl create rolebinding --clusterrole=viewer");
    }
}
