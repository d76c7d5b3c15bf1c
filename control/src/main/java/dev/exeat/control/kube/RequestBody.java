package dev.exeat.control.kube;

import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.manifest.ManifestReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies of requests: JSON and YAML. */
final class RequestBody {
    private static final List<String> MEDIA_TYPES =
            List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");
    private static final int SHOWN = 4096;
    private static final int MOST_DEPTH = 100;
    private static final long MOST_TOKENS = 500_000;
    private static final int LONGEST_NUMBER = 100;
    private static final JsonMapper BOUNDED = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxTokenCount(MOST_TOKENS)
                            .maxNumberLength(LONGEST_NUMBER)
                            .build())
                    .build())
            .build();

    private RequestBody() {}

    /** The object to write, as it was sent. */
    static ObjectNode object(KubeRequest request) {
        String type = request.contentType();
        if (!type.isEmpty() && !type.equals("null") && !MEDIA_TYPES.contains(type)) {
            throw KubeException.unsupported(
                    "the body of the request was in an unknown format - accepted media types include: "
                            + String.join(", ", MEDIA_TYPES));
        }
        String kind = request.kind().name();
        String version = request.kind().apiVersion(request.version());
        JsonNode json;
        try {
            json = json(request.body());
        } catch (JacksonException e) {
            throw unrecognised(request, kind, "json parse error: " + why(e));
        }
        if (!(json instanceof ObjectNode object)) {
            throw unrecognised(request, kind, "it is no object");
        }
        String givenVersion = object.path("apiVersion").asString("");
        String givenKind = object.path("kind").asString("");
        if (!givenVersion.isEmpty() && !givenVersion.equals(version)) {
            throw KubeException.badRequest("the API version in the data (" + givenVersion
                    + ") does not match the expected API version (" + version + ")");
        }
        if (!givenKind.isEmpty() && !givenKind.equals(kind)) {
            throw wrongKind(request, object, givenKind);
        }
        return object.put("apiVersion", version).put("kind", kind);
    }

    private static KubeException unrecognised(KubeRequest request, String kind, String why) {
        String shown = request.body().length > SHOWN
                ? "..."
                : request.body().length == 0 ? "<empty>" : HexFormat.of().formatHex(request.body());
        return KubeException.badRequest("the object provided is unrecognized (must be of type " + kind
                + "): couldn't get version/kind; " + why + " (" + shown + ")");
    }

    static KubeException wrongKind(KubeRequest request, ObjectNode object, String kind) {
        String name = object.at("/metadata/name").asString("");
        return KubeException.invalid(
                request.kind().group(),
                kind,
                name,
                List.of(new KubeException.Cause(
                        "FieldValueInvalid",
                        "kind",
                        "Invalid value: \"" + kind + "\": must be "
                                + request.kind().name())));
    }

    /** A patch. */
    static JsonNode patch(KubeRequest request) {
        try {
            return json(request.body());
        } catch (JacksonException e) {
            throw KubeException.badRequest("error decoding patch: " + why(e));
        }
    }

    private static String why(JacksonException e) {
        return e instanceof UnexpectedEndOfInputException ? "unexpected end of JSON input" : e.getOriginalMessage();
    }

    /** What a deletion is to be like; an empty object where nothing is said. */
    static JsonNode options(KubeRequest request) {
        if (request.body().length == 0) {
            return JsonMapper.shared().createObjectNode();
        }
        return patch(request);
    }

    /**
     * JSON that is no deeper and has no more tokens than a body may have.
     *
     * @throws KubeException if it cannot be read
     */
    static JsonNode bounded(byte[] json) {
        try {
            return BOUNDED.readTree(json);
        } catch (JacksonException e) {
            throw KubeException.badRequest("json parse error: " + why(e));
        }
    }

    private static JsonNode json(byte[] body) {
        int first = 0;
        while (first < body.length && Character.isWhitespace(body[first])) {
            first++;
        }
        boolean looksLikeJson = first < body.length && (body[first] == '{' || body[first] == '[');
        if (looksLikeJson || !new String(body, StandardCharsets.UTF_8).contains(":")) {
            return BOUNDED.readTree(body);
        }
        return new ManifestReader()
                .readSingleDocument("request", body)
                .map(NodeJson::of)
                .orElseThrow(() -> KubeException.badRequest("the body of the request cannot be read"));
    }
}
