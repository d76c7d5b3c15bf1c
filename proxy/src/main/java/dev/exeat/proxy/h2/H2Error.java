package dev.exeat.proxy.h2;

/** The error codes of RFC 9113 section 7. */
enum H2Error {
    NO_ERROR(0),
    PROTOCOL_ERROR(1),
    INTERNAL_ERROR(2),
    FLOW_CONTROL_ERROR(3),
    SETTINGS_TIMEOUT(4),
    STREAM_CLOSED(5),
    FRAME_SIZE_ERROR(6),
    REFUSED_STREAM(7),
    CANCEL(8),
    COMPRESSION_ERROR(9),
    CONNECT_ERROR(10),
    ENHANCE_YOUR_CALM(11),
    INADEQUATE_SECURITY(12),
    HTTP_1_1_REQUIRED(13);

    private final int code;

    H2Error(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The name of a code from the wire, for logs. */
    static String text(int code) {
        for (H2Error error : values()) {
            if (error.code == code) {
                return error.name();
            }
        }
        return "error code " + Integer.toUnsignedString(code);
    }
}
