package dev.exeat.cli.up;

import dev.exeat.identity.Svid;
import java.time.Instant;
import java.time.InstantSource;

/** Whether an SVID can be used now, for readiness. */
final class Validity {
    private Validity() {}

    /** Why not, or the empty text. */
    static String problem(Svid svid, InstantSource clock) {
        Instant now = clock.instant();
        if (now.isAfter(svid.notAfter())) {
            return "the own SVID expired at " + svid.notAfter();
        }
        return now.isBefore(svid.notBefore()) ? "the own SVID is valid only from " + svid.notBefore() : "";
    }
}
