package dev.exeat.control.flows;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Caller;
import dev.exeat.control.api.ApiException;
import dev.exeat.control.api.ApiRequest;
import dev.exeat.control.api.ApiResponse;
import dev.exeat.control.api.Route;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.MinuteLine;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The history over the API, as lines of JSON ({@link dev.exeat.flow.store.FeedLine}, {@link MinuteLine}): {@code GET
 * /exeat/v1/flows} with the parameters of a filter ({@link dev.exeat.flow.query.FilterParameters}), {@code last=N},
 * {@code after=SEQUENCE} and {@code follow=true}; and {@code GET /exeat/v1/flows/minutes} for the sums of minutes. So many
 * questions about the past are answered at a time, and so many clients follow: 8 and 64.
 */
public final class FlowRoutes {
    public static final String PATH = "/exeat/v1/flows";
    public static final String MINUTES = PATH + "/minutes";

    /** The greatest N of {@code last=N}. */
    public static final int MOST_LAST = 10_000;

    private static final String TYPE = "application/x-ndjson";
    private static final int MOST_PAST = 8;
    private static final int MOST_LIVE = 64;

    private final FlowStore store;
    private final FlowAccess access;
    private final FlowTail tail;
    private final InstantSource clock;
    private final Semaphore past = new Semaphore(MOST_PAST);
    private final Semaphore live = new Semaphore(MOST_LIVE);

    public FlowRoutes(FlowStore store, AccessControl access, InstantSource clock) {
        this.store = store;
        this.access = new FlowAccess(access);
        this.tail = new FlowTail(store);
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(new Route("GET", PATH, this::flows), new Route("GET", MINUTES, this::minutes));
    }

    private ApiResponse flows(ApiRequest request) {
        Caller caller = access.caller(request);
        FlowQuery query = FlowQuery.of(request.query());
        Sight sight = access.admit(caller, query.follow() ? "watch" : "list", query.filter());
        return query.follow()
                ? answer(live, () -> new LiveFlows(store, tail, query, sight, live::release))
                : answer(past, () -> new PastFlows(store.history(), query, sight, past::release));
    }

    private ApiResponse minutes(ApiRequest request) {
        Caller caller = access.caller(request);
        FlowQuery query = FlowQuery.of(request.query());
        Sight sight = access.admit(caller, "list", query.filter());
        PastMinutes.Span span = new PastMinutes.Span(query.since(), query.until(clock.instant()));
        return answer(past, () -> new PastMinutes(store.history(), span, sight, past::release));
    }

    /** The place is given back by the stream. */
    private static ApiResponse answer(Semaphore places, Supplier<ApiResponse.Stream> stream) {
        if (!places.tryAcquire()) {
            throw new ApiException(
                    429,
                    "too_many_readers",
                    "as many as there may be read the history already",
                    "wait and try again",
                    Map.of("Retry-After", "5"));
        }
        try {
            return ApiResponse.stream(TYPE, Map.of(), stream.get());
        } catch (FlowStoreException e) {
            places.release();
            throw new ApiException(503, "history_unavailable", String.valueOf(e.getMessage()), "");
        }
    }
}
