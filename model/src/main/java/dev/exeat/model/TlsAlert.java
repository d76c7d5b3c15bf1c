package dev.exeat.model;

/** The fatal TLS alerts with which Exeat refuses a connection (RFC 8446 section 6). */
public enum TlsAlert {
    UNEXPECTED_MESSAGE(10),
    RECORD_OVERFLOW(22),
    ILLEGAL_PARAMETER(47),
    ACCESS_DENIED(49),
    DECODE_ERROR(50),
    PROTOCOL_VERSION(70),
    INTERNAL_ERROR(80),
    UNRECOGNIZED_NAME(112);

    private final int code;

    TlsAlert(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The alert as one plaintext TLS record, which is how a ClientHello is answered. */
    public byte[] record() {
        return new byte[] {21, 3, 3, 0, 2, 2, (byte) code};
    }
}
