package dev.exeat.control.api;

import java.util.LinkedHashMap;
import java.util.Map;

/** A request that is refused; all three texts are told to the caller. */
public final class ApiException extends RuntimeException {
    private final int status;
    private final String reason;
    private final String whatToDo;
    private final Map<String, String> headers;

    /**
     * @param status 400 to 599
     * @param reason one stable word in {@code snake_case}
     * @param whatToDo the cure, or empty where the message says it
     */
    public ApiException(int status, String reason, String message, String whatToDo) {
        this(status, reason, message, whatToDo, Map.of());
    }

    /** @param headers of the answer, beside those of every answer */
    public ApiException(int status, String reason, String message, String whatToDo, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.reason = reason;
        this.whatToDo = whatToDo;
        this.headers = Map.copyOf(headers);
    }

    Map<String, String> headers() {
        return headers;
    }

    /** {@code {"reason", "message", "what_to_do"}} with the status. */
    ApiResponse toResponse() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("reason", reason);
        fields.put("message", String.valueOf(getMessage()));
        fields.put("what_to_do", whatToDo);
        return new ApiResponse(status, "application/json", JsonBody.write(fields), headers);
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public String whatToDo() {
        return whatToDo;
    }
}
