package dev.exeat.cli.up;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.flow.ShadowMetrics;
import dev.exeat.model.Problem;
import dev.exeat.proxy.ShadowPolicy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The policies of {@code --shadow}, which are decided beside those in force: they follow their files, and only tell. */
final class ShadowPart {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowPart.class);

    private final Configuration configuration;
    private final ShadowMetrics metrics;
    private final ShadowPolicy policy;
    private Set<Problem> said = Set.of();
    private String digest = "";
    private long told;

    ShadowPart(Configuration configuration, ShadowMetrics metrics) {
        this.configuration = configuration;
        this.metrics = metrics;
        this.policy = new ShadowPolicy(configuration::snapshot, metrics::judged);
        configuration.onChange(this::tell);
        tell(configuration.state());
    }

    ShadowPolicy policy() {
        return policy;
    }

    void reload() {
        configuration.reload();
    }

    private synchronized void tell(ConfigurationState state) {
        if (state.compilation() <= told) {
            return;
        }
        told = state.compilation();
        metrics.compiled(state.snapshot().digest(), state.errors(), state.warnings());
        for (Problem problem : state.problems()) {
            if (!said.contains(problem)) {
                (problem.isError() ? LOG.atError() : LOG.atWarn()).log("shadow: {}", problem);
            }
        }
        said = new HashSet<>(state.problems());
        if (!digest.equals(state.snapshot().digest())) {
            digest = state.snapshot().digest();
            LOG.atInfo()
                    .addKeyValue("digest", digest)
                    .addKeyValue("objects", state.snapshot().objects())
                    .addKeyValue("rules", state.snapshot().rules())
                    .log("the shadow's policy looks on");
        }
    }

    /** For {@code exeat status}: the whole, then each problem. */
    Stream<Map<String, ?>> pieces() {
        ConfigurationState state = configuration.state();
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("policy_digest", state.snapshot().digest());
        head.put("since", state.since().toString());
        head.put("objects", state.snapshot().objects());
        head.put("rules", state.snapshot().rules());
        head.put("errors", state.errors());
        head.put("warnings", state.warnings());
        return Stream.concat(
                Stream.of(Map.of("shadow", head)),
                state.problems().stream().map(problem -> Map.of("shadow_problem", StatusCommands.fields(problem))));
    }
}
