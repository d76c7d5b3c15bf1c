package dev.exeat.control.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a route answers. The body's array is shared, not copied.
 *
 * @param stream writes the body instead, if not null
 */
public record ApiResponse(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        @Nullable Stream stream) {
    public ApiResponse {
        headers = Map.copyOf(headers);
    }

    /** A body that comes into being while it is sent; closed in any case. */
    public interface Stream extends AutoCloseable {
        /**
         * Writes on the request's own thread, which it may block.
         *
         * @throws IOException if the client is gone
         */
        void write(OutputStream out) throws IOException, InterruptedException;

        @Override
        void close();
    }

    public ApiResponse(int status, String contentType, byte[] body, Map<String, String> headers) {
        this(status, contentType, body, headers, null);
    }

    /** @param fields in their order; values are texts, numbers, truth values, lists or maps */
    public static ApiResponse json(int status, Map<String, ?> fields) {
        return new ApiResponse(status, "application/json", JsonBody.write(fields), Map.of());
    }

    public static ApiResponse text(int status, String contentType, String text) {
        return new ApiResponse(status, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public static ApiResponse stream(String contentType, Map<String, String> headers, Stream stream) {
        return new ApiResponse(200, contentType, new byte[0], headers, stream);
    }
}
