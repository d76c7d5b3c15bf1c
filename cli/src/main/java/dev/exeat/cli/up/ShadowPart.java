package dev.exeat.cli.up;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.flow.ShadowMetrics;
import dev.exeat.model.Problem;
import dev.exeat.proxy.ShadowPolicy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /**
     * Looks on from now on; null where a fault lets it not, which is told and hinders nobody else.
     *
     * @param configuration compiles the shadow's policies
     */
    static @Nullable ShadowPart start(Supplier<Configuration> configuration, ShadowMetrics metrics) {
        try {
            return new ShadowPart(configuration.get(), metrics);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            LOG.atError()
                    .setCause(e)
                    .log("a fault of the shadow's policies: nothing looks on until the next start; no connection is"
                            + " touched by it");
            metrics.failed();
            return null;
        }
    }

    private ShadowPart(Configuration configuration, ShadowMetrics metrics) {
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
        try {
            configuration.reload();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the shadow's policies could not be read anew");
        }
    }

    private synchronized void tell(ConfigurationState state) {
        if (state.compilation() <= told) {
            return;
        }
        told = state.compilation();
        metrics.compiled(state.snapshot().digest(), state.errors(), state.warnings());
        List<Problem> problems = problems(state);
        for (Problem problem : problems) {
            if (!said.contains(problem)) {
                (problem.isError() ? LOG.atError() : LOG.atWarn()).log("shadow: {}", problem);
            }
        }
        said = new HashSet<>(problems);
        if (!digest.equals(state.snapshot().digest())) {
            digest = state.snapshot().digest();
            LOG.atInfo()
                    .addKeyValue("digest", digest)
                    .addKeyValue("objects", state.snapshot().objects())
                    .addKeyValue("rules", state.snapshot().rules())
                    .log("the shadow's policy looks on");
        }
    }

    /** What says that everything is denied is of the shadow alone, and must not alarm anybody. */
    private static List<Problem> problems(ConfigurationState state) {
        return state.problems().stream()
                .map(problem -> problem.code().equals("manifests-unread") ? ofShadow(problem) : problem)
                .toList();
    }

    private static Problem ofShadow(Problem unread) {
        return new Problem(
                unread.severity(),
                unread.code(),
                unread.place(),
                unread.object(),
                unread.field(),
                unread.message() + " by the shadow, which changes nothing",
                unread.cure());
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
                problems(state).stream().map(problem -> Map.of("shadow_problem", StatusCommands.fields(problem))));
    }
}
