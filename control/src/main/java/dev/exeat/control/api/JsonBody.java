package dev.exeat.control.api;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes JSON bodies: duplicate keys, trailing text and deep nesting are refused. */
public final class JsonBody {
    private static final int MAX_DEPTH = 50;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    static byte[] write(Map<String, ?> fields) {
        return MAPPER.writeValueAsBytes(fields);
    }

    /** @throws ApiException 415 where the body is not declared as JSON, 400 where it is no JSON object */
    public static JsonNode read(ApiRequest request) {
        String type = request.header("Content-Type");
        int parameters = type.indexOf(';');
        String mediaType = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        if (!mediaType.equalsIgnoreCase("application/json")) {
            throw new ApiException(
                    415,
                    "unsupported_media_type",
                    "the body is not declared as JSON",
                    "send \"Content-Type: application/json\"");
        }
        try {
            JsonNode root = MAPPER.readTree(request.body());
            if (root.isObject()) {
                return root;
            }
            throw new ApiException(400, "invalid_json", "the body is no JSON object", "");
        } catch (JacksonException e) {
            throw new ApiException(400, "invalid_json", "the body is not valid JSON: " + e.getOriginalMessage(), "");
        }
    }
}
