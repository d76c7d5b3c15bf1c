package dev.exeat.proxy;

import dev.exeat.flow.Verdicts;
import dev.exeat.model.Reason;

/** The end of a connection that never was a tunnel: its one record, and its last report to the user's own rules. */
final class EarlyEnd {
    private EarlyEnd() {}

    static void of(EgressServices services, ConnectionTrace trace, Reason reason, String detail) {
        trace.end(Verdicts.of(reason), reason, detail, "");
        services.sink().ended(trace);
        new Reports(services, trace, null).closed();
    }
}
