package dev.exeat.proxy.workload;

import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import org.jspecify.annotations.Nullable;

/** Is told what became of the application's connections, for metrics and the log. Exactly one call for each. Called on
 * loops; must not block. */
public interface WorkloadEvents {
    /**
     * A connection was refused, or ended before it was carried.
     *
     * @param listener where it came in
     * @param target what was asked for, as far as it is known and valid
     */
    void refused(ListenerKind listener, @Nullable String target, Reason reason, String detail);

    /** A tunnel ended; the bytes are those of the application's TLS. */
    void carried(ListenerKind listener, String target, long fromApplication, long fromUpstream);
}
