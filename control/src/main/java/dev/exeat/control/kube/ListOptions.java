package dev.exeat.control.kube;

import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.Scope;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which part of a list is asked for, and as of when (Kubernetes API concepts, "Retrieving large results sets in chunks",
 * "Resource versions").
 *
 * @param limit how many objects at most, or 0 for all
 * @param version exactly as of which the list is to be; 0 or less for the latest, that is not older than its amount
 * @param after the last object of the page before, or null for the first page
 */
record ListOptions(long limit, long version, @Nullable StoreKey after, boolean continued) {
    private static final String TOKEN_VERSION = "meta.k8s.io/v1";
    private static final String MATCH = "resourceVersionMatch";
    private static final String TOO_OLD = "The provided continue parameter is too old to display a consistent list"
            + " result. You can start a new list without the continue parameter, or use the continue token in this"
            + " response to retrieve the remainder of the results. Continuing with the provided token results in an"
            + " inconsistent list - objects that were created, modified, or deleted between the time the first chunk was"
            + " returned and now may show up in the list.";

    /** @throws KubeException if a parameter is none */
    static ListOptions of(KubeRequest request) {
        long limit = number(request.parameter("limit"), "ParseInt");
        String version = request.parameter("resourceVersion");
        requireMatch(request.parameter(MATCH), version);
        String token = request.parameter("continue");
        if (!token.isEmpty()) {
            if (!version.isEmpty() && !version.equals("0")) {
                throw KubeException.badRequest("specifying resource version is not allowed when using continue");
            }
            return continued(request, limit, token);
        }
        long known;
        try {
            known = version.isEmpty() ? 0 : Long.parseUnsignedLong(version);
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("invalid resource version: resourceVersion: Invalid value: \"" + version
                    + "\": strconv.ParseUint: parsing \"" + version + "\": invalid syntax");
        }
        boolean exact = request.parameter(MATCH).equals("Exact");
        return new ListOptions(limit, exact ? known : -known, null, false);
    }

    private static long number(String text, String parser) {
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("strconv." + parser + ": parsing \"" + text + "\": invalid syntax");
        }
    }

    private static void requireMatch(String match, String version) {
        if (match.isEmpty()) {
            return;
        }
        String wrong = "";
        String reason = "FieldValueForbidden";
        if (version.isEmpty()) {
            wrong = "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided";
        } else if (!List.of("Exact", "NotOlderThan").contains(match)) {
            reason = "FieldValueNotSupported";
            wrong = "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\", \"\"";
        } else if (match.equals("Exact") && version.equals("0")) {
            wrong = "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
        }
        if (!wrong.isEmpty()) {
            throw KubeException.invalid(
                    "meta.k8s.io", "ListOptions", "", List.of(new KubeException.Cause(reason, MATCH, wrong)));
        }
    }

    private static ListOptions continued(KubeRequest request, long limit, String token) {
        try {
            JsonNode json = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(token));
            String start = json.path("start").asString("");
            int slash = start.indexOf('/');
            if (json.path("v").asString("").equals(TOKEN_VERSION) && slash >= 0) {
                StoreKey after = new StoreKey(
                        request.kind().group(),
                        request.kind().plural(),
                        start.substring(0, slash),
                        start.substring(slash + 1));
                return new ListOptions(limit, Math.max(0, json.path("rv").asLong(0)), after, true);
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw KubeException.badRequest("invalid continue token: continue key is not valid: " + e.getMessage());
        }
        throw KubeException.badRequest("invalid continue token: continue key is not valid");
    }

    static String token(long version, StoreKey last) {
        String json = JsonMapper.shared()
                .createObjectNode()
                .put("v", TOKEN_VERSION)
                .put("rv", version)
                .put("start", last.namespace() + "/" + last.name())
                .toString();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether an object comes after the page before. */
    boolean isPast(StoreKey key) {
        return after == null || key.compareTo(after) > 0;
    }

    /** @throws KubeException 410 if the version is not kept any more, 504 if it is still to come */
    Listing from(ObjectStore store, Scope scope) {
        if (Math.abs(version) > store.resourceVersion()) {
            throw KubeException.versionToCome(Math.abs(version), store.resourceVersion());
        }
        if (version <= 0) {
            return store.list(scope);
        }
        try {
            return store.list(scope, version);
        } catch (StoreException e) {
            throw continued && after != null
                    ? KubeException.expired(TOO_OLD, token(-1, after))
                    : KubeException.expired(String.valueOf(e.getMessage()));
        }
    }
}
