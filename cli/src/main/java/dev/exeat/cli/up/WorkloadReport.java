package dev.exeat.cli.up;

import dev.exeat.flow.Metrics;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.proxy.workload.WorkloadEvents;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the application's connections, and tells people of those that were refused. */
final class WorkloadReport implements WorkloadEvents {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadReport.class);

    private final Metrics metrics;

    WorkloadReport(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void refused(ListenerKind listener, @Nullable String target, Reason reason, String detail) {
        metrics.workloadEnded(listener, reason, 0, 0);
        if (reason != Reason.CLIENT_GONE) {
            LOG.atInfo()
                    .addKeyValue("listener", listener.code())
                    .addKeyValue("target", target == null ? "" : target)
                    .addKeyValue("reason", reason.code())
                    .addKeyValue("detail", detail)
                    .log("connection refused");
        }
    }

    @Override
    public void carried(ListenerKind listener, String target, long fromApplication, long fromUpstream) {
        metrics.workloadEnded(listener, null, fromApplication, fromUpstream);
    }
}
