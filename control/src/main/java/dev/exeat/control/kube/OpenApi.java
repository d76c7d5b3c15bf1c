package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schemas of the kinds as OpenAPI v3, one document for each version of a group, made when one is first asked for. Thread-safe. */
final class OpenApi {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    static final String V2_TYPE = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
    private static final String EXTENSION = "x-kubernetes-group-version-kind";
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final KindCatalogue kinds;
    private @Nullable Map<String, CachedDocument> documents;

    OpenApi(KindCatalogue kinds) {
        this.kinds = kinds;
    }

    /**
     * The older form, in protobuf: with no kind in it, since clients that know version 3 only look there for what they
     * did not find, to be sure that it does not exist.
     */
    static byte[] v2() {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        text(info, 1, "Exeat".getBytes(StandardCharsets.UTF_8));
        text(info, 2, "v1".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        text(document, 1, "2.0".getBytes(StandardCharsets.UTF_8));
        text(document, 2, info.toByteArray());
        return document.toByteArray();
    }

    /** A field of a message of protobuf, of less than 128 octets. */
    private static void text(ByteArrayOutputStream message, int field, byte[] octets) {
        message.write(field << 3 | 2);
        message.write(octets.length);
        message.writeBytes(octets);
    }

    /** @return null if the path is none of schemas */
    @Nullable
    Answer answer(List<String> segments, String hash, String ifNoneMatch) {
        if (segments.size() < 2
                || !segments.getFirst().equals("openapi")
                || !segments.get(1).equals("v3")) {
            return null;
        }
        List<String> rest = segments.subList(2, segments.size());
        if (rest.isEmpty()) {
            return Answer.json(200, index());
        }
        String path = String.join("/", rest);
        CachedDocument document = documents().get(path);
        if (document == null) {
            return null;
        }
        if (!hash.isEmpty() && !hash.equals(document.hash())) {
            return document.moved(url(path, document));
        }
        // One that is asked for by its hash is the same for ever.
        return document.answer(
                ifNoneMatch, hash.isEmpty() ? "no-cache, private" : "public, immutable, max-age=31536000");
    }

    private static String url(String path, CachedDocument document) {
        return "/openapi/v3/" + path + "?hash=" + document.hash();
    }

    private synchronized Map<String, CachedDocument> documents() {
        if (documents == null) {
            documents = build();
        }
        return documents;
    }

    private Map<String, CachedDocument> build() {
        Map<String, CachedDocument> built = new LinkedHashMap<>();
        built.put("api/v1", CachedDocument.of(Answer.JSON, document("", "v1")));
        for (String group : kinds.groups()) {
            for (String version : kinds.versions(group)) {
                built.put("apis/" + group + "/" + version, CachedDocument.of(Answer.JSON, document(group, version)));
            }
        }
        return built;
    }

    private ObjectNode index() {
        ObjectNode paths = JSON.objectNode();
        documents().forEach((path, document) -> paths.putObject(path).put("serverRelativeURL", url(path, document)));
        ObjectNode index = JSON.objectNode();
        index.set("paths", paths);
        return index;
    }

    private ObjectNode document(String group, String version) {
        List<Kind> served = kinds.of(group, version);
        ObjectNode document = JSON.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Exeat").put("version", "v1");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        kinds.published().published(OBJECT_META).forEach(schemas::set);
        for (Kind kind : served) {
            String name = kind.version(version).orElseThrow().definition();
            if (name.isEmpty()) {
                name = customName(kind, version);
                schemas.set(name, custom(kind, version));
            } else {
                kinds.published().published(name).forEach(schemas::set);
                schemas.withObject("/" + name).putArray(EXTENSION).add(gvk(kind, version));
            }
            paths.set(path(kind, version), operations(kind, version, name));
        }
        return document;
    }

    private static String path(Kind kind, String version) {
        return (kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/") + version
                + (kind.namespaced() ? "/namespaces/{namespace}/" : "/") + kind.plural() + "/{name}";
    }

    private static ObjectNode operations(Kind kind, String version, String schema) {
        ObjectNode path = JSON.objectNode();
        for (String method : List.of("get", "patch", "put")) {
            ObjectNode operation = path.putObject(method);
            operation.set(EXTENSION, gvk(kind, version));
            if (!method.equals("get")) {
                for (String parameter : List.of("fieldValidation", "dryRun", "fieldManager")) {
                    operation
                            .withArray("/parameters")
                            .addObject()
                            .put("name", parameter)
                            .put("in", "query")
                            .putObject("schema")
                            .put("type", "string");
                }
            }
            operation
                    .putObject("responses")
                    .putObject("200")
                    .put("description", "OK")
                    .putObject("content")
                    .putObject("application/json")
                    .putObject("schema")
                    .put("$ref", SCHEMAS + schema);
        }
        return path;
    }

    private static ObjectNode custom(Kind kind, String version) {
        ObjectNode schema = JSON.objectNode();
        schema.setAll(kind.version(version).orElseThrow().schema());
        ObjectNode properties = JSON.objectNode();
        properties.setAll((ObjectNode) schema.path("properties"));
        schema.set("properties", properties);
        properties.putObject("metadata").put("$ref", SCHEMAS + OBJECT_META);
        schema.putArray(EXTENSION).add(gvk(kind, version));
        return schema;
    }

    private static ObjectNode gvk(Kind kind, String version) {
        return JSON.objectNode()
                .put("group", kind.group())
                .put("version", version)
                .put("kind", kind.name());
    }

    private static String customName(Kind kind, String version) {
        return String.join(".", List.of(kind.group().split("\\.")).reversed()) + "." + version + "." + kind.name();
    }
}
