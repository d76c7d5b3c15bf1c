package dev.exeat.control.kube;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Caller;
import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Serves the API of objects; leaves other paths to the next handler. Blocks the thread of each request. */
public final class KubeHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(KubeHandler.class);
    private static final int MAX_BODY = 3 * 1024 * 1024;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Discovery discovery;
    private final OpenApi schemas;
    private final KubePaths paths;
    private final ProtobufBody protobuf;
    private final Objects objects;
    private final Writes writes;
    private final Deletion deletion;
    private final Tables tables;
    private final Watches watches;
    private final Served served;
    private final KubeAccess access;
    private final AccessObjects accessObjects;

    /** @param check tells what is wrong with an object that is to be written */
    public KubeHandler(
            Served served,
            ObjectStore store,
            Function<Resource, List<Problem>> check,
            AccessControl access,
            InstantSource clock) {
        KindCatalogue kinds = served.kinds();
        this.served = served;
        this.discovery = new Discovery(kinds);
        this.schemas = new OpenApi(kinds);
        this.paths = new KubePaths(kinds);
        this.protobuf = new ProtobufBody(kinds.published());
        this.objects = new Objects(store);
        this.writes = new Writes(store, new Admission(check), clock);
        this.deletion = new Deletion(store, objects, clock);
        this.tables = new Tables(clock);
        this.watches = new Watches(
                new WatchStream(store, objects, tables), served.patience().message());
        this.access = new KubeAccess(access);
        this.accessObjects = new AccessObjects(access, objects, writes);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        List<String> segments = segments(request);
        switch (segments.getFirst()) {
            case "api", "apis", "openapi", "version" -> serve(request, segments, response, callback);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<String> segments(Request request) {
        String path = Request.getPathInContext(request);
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(Math.min(1, path.length())).split("/", -1)) {
            segments.add(segment);
        }
        if (segments.size() > 1 && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    private void serve(Request request, List<String> segments, Response response, Callback callback) {
        Answer answer = tried(() -> answer(request, segments, response, callback));
        if (answer != null) {
            answer.write(request, response, callback);
        }
    }

    /** @return null if it is answered */
    private @Nullable Answer answer(Request request, List<String> segments, Response response, Callback callback) {
        KubePaths.Target target = paths.find(segments);
        KubeAccess.Admitted admitted = access.admit(request, segments, target);
        if (target == null) {
            return aside(request, segments);
        }
        boolean head = request.getMethod().equals("HEAD");
        if (head || !target.kind().verbs().contains(admitted.asked().verb())) {
            throw KubeException.noSuchMethod();
        }
        if (Watches.isWebSocket(request)) {
            requireOwnOrigin(request);
        }
        Subresource part = served.find(target);
        if (part != null) {
            return part(part, admitted, target, response, callback);
        }
        if (isWatch(request)) {
            watches.answer(asked(request, target), admitted.caller(), request, response, callback);
            return null;
        }
        if (!admitted.isWrite()) {
            return answer(admitted.caller(), asked(request, target));
        }
        return access.audited(
                admitted, () -> tried(() -> answer(admitted.caller(), asked(request, target))), Answer::code);
    }

    private @Nullable Answer part(
            Subresource part,
            KubeAccess.Admitted admitted,
            KubePaths.Target target,
            Response response,
            Callback callback) {
        var object = new Subresource.Of(target.namespace(), target.name());
        Supplier<@Nullable Answer> work = () -> tried(() -> {
            try {
                part.answer(object, admitted.request(), response, callback);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                callback.failed(e);
            }
            return null;
        });
        return admitted.isWrite()
                ? access.audited(
                        admitted, () -> work.get(), answer -> answer == null ? SWITCHING_PROTOCOLS : answer.code())
                : work.get();
    }

    private static @Nullable Answer tried(Supplier<@Nullable Answer> work) {
        try {
            return work.get();
        } catch (KubeException e) {
            return Answer.json(e.code(), e.status());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a request failed by a fault");
            return Answer.json(500, KubeException.fault().status());
        }
    }

    static boolean isWatch(Request request) {
        String watch = parameters(request).getOrDefault("watch", "");
        return request.getMethod().equals("GET") && (watch.equals("true") || watch.equals("1"));
    }

    /** A page of another site in a browser that shows a certificate could open a WebSocket, and read what comes. */
    private static void requireOwnOrigin(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        String host = request.getHeaders().get(HttpHeader.HOST);
        if (origin != null && !origin.equalsIgnoreCase("https://" + host)) {
            throw KubeException.forbidden("a WebSocket cannot be opened for a page of another origin");
        }
    }

    private static Map<String, String> parameters(Request request) {
        Map<String, String> parameters = new HashMap<>();
        for (Fields.Field field : Request.extractQueryParameters(request)) {
            parameters.put(field.getName(), String.valueOf(field.getValue()));
        }
        return parameters;
    }

    private KubeRequest asked(Request request, KubePaths.Target target) {
        String contentType = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        int semicolon = contentType.indexOf(';');
        return new KubeRequest(
                request.getMethod(),
                target.kind(),
                target.version(),
                target.namespace(),
                target.name(),
                target.subresource(),
                parameters(request),
                String.join(",", request.getHeaders().getValuesList(HttpHeader.ACCEPT)),
                semicolon < 0
                        ? contentType
                        : contentType.substring(0, semicolon).strip(),
                String.valueOf(
                        request.getHeaders().getField(HttpHeader.USER_AGENT) == null
                                ? ""
                                : request.getHeaders().get(HttpHeader.USER_AGENT)),
                json(request));
    }

    private byte[] json(Request request) {
        byte[] body = body(request);
        return ProtobufBody.is(body) ? JsonMapper.shared().writeValueAsBytes(protobuf.read(body)) : body;
    }

    private byte[] body(Request request) {
        if (request.getLength() > MAX_BODY) {
            throw KubeException.tooLarge(MAX_BODY);
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, MAX_BODY, Promise.Invocable.toPromise(body));
        try {
            return body.get(served.patience().body().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw KubeException.bodyTimeout();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException
                    ? KubeException.tooLarge(MAX_BODY)
                    : KubeException.badRequest("the body could not be read");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.unavailable("the server is ending");
        }
    }

    /** What is no object: which kinds there are, and what they look like. */
    private Answer aside(Request request, List<String> segments) {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            throw KubeException.noSuchPath();
        }
        if (segments.equals(List.of("version"))) {
            if (request.getMethod().equals("HEAD")) {
                throw KubeException.noSuchMethod();
            }
            return Answer.json(200, version());
        }
        if (segments.equals(List.of("openapi", "v2"))) {
            return Answer.of(200, OpenApi.V2_TYPE, OpenApi.v2(), Map.of());
        }
        String known = String.join(",", request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH));
        Answer schema = schemas.answer(segments, parameters(request).getOrDefault("hash", ""), known);
        if (schema != null) {
            return schema;
        }
        String accept = String.join(",", request.getHeaders().getValuesList(HttpHeader.ACCEPT));
        Answer found = discovery.answer(segments, accept, known);
        if (found == null) {
            throw KubeException.noSuchPath();
        }
        return found;
    }

    /** That of the API which is spoken, by which clients choose how to speak it. */
    private static ObjectNode version() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "33")
                .put("gitVersion", "v1.33.0+exeat")
                .put("platform", "linux/" + System.getProperty("os.arch"));
    }

    private Answer answer(Caller caller, KubeRequest request) {
        boolean named = !request.name().isEmpty();
        String subresource = request.subresource();
        if (Scale.has(request)) {
            return scale(request);
        }
        if (request.method().equals("POST")) {
            Writes.Written written = accessObjects.create(caller, request);
            if (written != null) {
                return written(written);
            }
        }
        if (!subresource.isEmpty()
                && !(subresource.equals("status") && request.version().status())) {
            throw request.kind().group().isEmpty()
                    ? KubeException.noSuchPath()
                    : KubeException.missing(Objects.key(request, request.name()));
        }
        return switch (request.method()) {
            case "GET" -> named ? one(request) : many(request);
            case "POST" -> {
                if (named) {
                    throw KubeException.noSuchMethod();
                }
                yield written(writes.create(request));
            }
            case "PUT" -> {
                requireName(named);
                yield written(writes.update(request));
            }
            case "PATCH" -> {
                requireName(named);
                yield written(writes.patch(request));
            }
            case "DELETE" -> named ? Answer.json(200, deletion.one(request)) : list(request, deletion.all(request));
            default -> throw KubeException.noSuchMethod();
        };
    }

    private Answer scale(KubeRequest request) {
        return switch (request.method()) {
            case "GET" -> Answer.json(200, Scale.of(objects.get(request)));
            case "PUT", "PATCH" -> written(writes.scale(request));
            default -> throw KubeException.noSuchMethod();
        };
    }

    private static void requireName(boolean named) {
        if (!named) {
            throw KubeException.noSuchMethod();
        }
    }

    private static Answer written(Writes.Written written) {
        return Answer.json(written.code(), written.object(), written.warnings());
    }

    private Answer one(KubeRequest request) {
        ObjectNode object = objects.get(request);
        return Answer.json(
                200,
                request.wantsTable()
                        ? tables.of(
                                request.version(),
                                List.of(object),
                                object.at("/metadata/resourceVersion").asString(""))
                        : object);
    }

    private Answer many(KubeRequest request) {
        return list(request, objects.list(request));
    }

    private Answer list(KubeRequest request, Objects.Found found) {
        String version = Long.toString(found.resourceVersion());
        if (request.wantsTable()) {
            ObjectNode table = tables.of(request.version(), found.objects(), version);
            page(found, table.withObject("/metadata"));
            return Answer.json(200, table);
        }
        Kind kind = request.kind();
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind.listKind())
                .put("apiVersion", kind.apiVersion(request.version()));
        page(found, list.putObject("metadata").put("resourceVersion", version));
        ArrayNode items = list.putArray("items");
        found.objects().forEach(items::add);
        return Answer.json(200, list);
    }

    private static void page(Objects.Found found, ObjectNode metadata) {
        if (!found.next().isEmpty()) {
            metadata.put("continue", found.next());
        }
        if (found.remaining() >= 0) {
            metadata.put("remainingItemCount", found.remaining());
        }
    }
}
