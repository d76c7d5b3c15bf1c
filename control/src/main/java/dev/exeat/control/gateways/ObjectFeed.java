package dev.exeat.control.gateways;

import dev.exeat.control.api.ApiException;
import dev.exeat.control.api.ApiRequest;
import dev.exeat.control.api.ApiResponse;
import dev.exeat.control.api.Route;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;

/**
 * What gateways elsewhere follow: {@code GET /exeat/v1/objects}, one stream of all that a policy is made of, so that a
 * gateway sees changes in the order in which they were made. The events are those of a Kubernetes watch that begins with
 * {@code sendInitialEvents}: the objects as they are, a bookmark with the annotation
 * {@code k8s.io/initial-events-end}, then each change. With {@code resourceVersion} and {@code history} it goes on after
 * that version; 410 says that it cannot, and that all is to be read anew. At most {@value #MOST} at a time.
 */
public final class ObjectFeed {
    public static final String PATH = "/exeat/v1/objects";
    /** Names what versions count: another process may have another past. */
    public static final String HISTORY = "Exeat-History";

    static final int MOST = 128;

    private final ObjectStore store;
    private final GatewayAccess access;
    private final String history = UUID.randomUUID().toString();
    private final Semaphore places = new Semaphore(MOST);

    public ObjectFeed(ObjectStore store, GatewayAccess access) {
        this.store = store;
        this.access = access;
    }

    public List<Route> routes() {
        return List.of(new Route("GET", PATH, this::follow));
    }

    private ApiResponse follow(ApiRequest request) {
        access.require("watch", PATH, request.headers());
        Map<String, String> query = query(request.query());
        long since = since(query);
        if (since >= 0 && !query.getOrDefault("history", "").equals(history)) {
            throw expired("versions of another history than " + history);
        }
        if (!places.tryAcquire()) {
            throw new ApiException(
                    429,
                    "too_many_gateways",
                    MOST + " gateways follow this server already",
                    "wait and try again",
                    Map.of("Retry-After", "5"));
        }
        try {
            return ApiResponse.stream(
                    "application/json", Map.of(HISTORY, history), FeedStream.open(store, since, places::release));
        } catch (StoreException e) {
            places.release();
            throw expired(String.valueOf(e.getMessage()));
        }
    }

    private static ApiException expired(String message) {
        return new ApiException(410, "expired", message, "read all objects: leave resourceVersion out");
    }

    private static Map<String, String> query(String query) {
        Fields fields = new Fields();
        UrlEncoded.decodeTo(query, fields::add, StandardCharsets.UTF_8);
        Map<String, String> parameters = new HashMap<>();
        for (Fields.Field field : fields) {
            parameters.put(field.getName(), String.valueOf(field.getValue()));
        }
        return parameters;
    }

    private static long since(Map<String, String> query) {
        String version = query.getOrDefault("resourceVersion", "");
        try {
            return version.isEmpty() ? -1 : Math.max(0, Long.parseLong(version));
        } catch (NumberFormatException e) {
            throw new ApiException(400, "invalid_version", "resourceVersion is no version", "");
        }
    }
}
