package dev.exeat.control.gateways;

/** A report is not taken; the message is for people. */
public final class ReportRefusedException extends RuntimeException {
    private final boolean full;

    ReportRefusedException(String message, boolean full) {
        super(message, null, false, false);
        this.full = full;
    }

    /** Whether there are too many gateways; else a later process reports under the name. */
    public boolean isFull() {
        return full;
    }
}
