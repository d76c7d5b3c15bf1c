package dev.exeat.policy;

import org.jspecify.annotations.Nullable;

/** The codes of google.rpc.Code. */
public enum StatusCode {
    OK(0),
    CANCELLED(1),
    UNKNOWN(2),
    INVALID_ARGUMENT(3),
    DEADLINE_EXCEEDED(4),
    NOT_FOUND(5),
    ALREADY_EXISTS(6),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    ABORTED(10),
    OUT_OF_RANGE(11),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15),
    UNAUTHENTICATED(16);

    private final int number;

    StatusCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The code of a number, or null where there is none. */
    public static @Nullable StatusCode of(long number) {
        for (StatusCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return null;
    }
}
