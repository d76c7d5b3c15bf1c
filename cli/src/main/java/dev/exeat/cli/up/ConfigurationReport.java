package dev.exeat.cli.up;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.flow.Metrics;
import dev.exeat.model.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the operator what came into force, and every new problem once, with its place and its cure. */
final class ConfigurationReport {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReport.class);

    private final Metrics metrics;
    private Set<Problem> said = Set.of();
    private String digest = "";
    private long told;

    ConfigurationReport(Metrics metrics) {
        this.metrics = metrics;
    }

    void follow(Configuration configuration) {
        configuration.onChange(this::tell);
        tell(configuration.state());
    }

    synchronized void tell(ConfigurationState state) {
        if (state.compilation() <= told) {
            return;
        }
        told = state.compilation();
        metrics.inForce(state.snapshot().digest(), state.since().getEpochSecond());
        metrics.reloaded((int) state.errors(), (int) state.warnings());
        List<Problem> problems = state.problems();
        for (Problem problem : problems) {
            if (!said.contains(problem)) {
                (problem.isError() ? LOG.atError() : LOG.atWarn()).log("{}", problem);
            }
        }
        said = new HashSet<>(problems);
        if (!digest.equals(state.snapshot().digest())) {
            digest = state.snapshot().digest();
            LOG.atInfo()
                    .addKeyValue("digest", digest)
                    .addKeyValue("objects", state.snapshot().objects())
                    .addKeyValue("rules", state.snapshot().rules())
                    .log("policy in force");
        }
    }
}
