package dev.exeat.control.api;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a route answers. The body's array is shared, not copied. */
public record ApiResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** @param fields in their order; values are texts, numbers, truth values, lists or maps */
    public static ApiResponse json(int status, Map<String, ?> fields) {
        return new ApiResponse(status, "application/json", JsonBody.write(fields), Map.of());
    }

    public static ApiResponse text(int status, String contentType, String text) {
        return new ApiResponse(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
