package dev.exeat.proxy;

import dev.exeat.model.Reason;

/** Why an open connection is ended from outside. */
public enum CutCause {
    /** The gateway ends, and the time for the open connections is over. */
    DRAIN("cut", Reason.DRAINING),
    /** Somebody asked for it. */
    KILLED("killed", Reason.KILLED),
    /** The identity that opened it is no longer valid. */
    REVOKED("revoked", Reason.IDENTITY_REVOKED),
    /** The policy in force would not permit it now. */
    POLICY_CHANGED("policy_changed", Reason.POLICY_DENIED);

    private final String flag;
    private final Reason reason;

    CutCause(String flag, Reason reason) {
        this.flag = flag;
        this.reason = reason;
    }

    /** The flag in the record of a connection that was carried. */
    public String flag() {
        return flag;
    }

    /** The reason in the record of one that was not carried yet. */
    Reason reason() {
        return reason;
    }
}
