package dev.exeat.cli.observe;

import dev.exeat.cli.options.MomentConverter;
import dev.exeat.cli.options.MomentConverter.Moment;
import dev.exeat.flow.query.FlowFilter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that choose among connections of the past: of which time, and what they must fit. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowOptions {
    @Option(
            names = "--since",
            paramLabel = "T",
            converter = MomentConverter.class,
            description = "Only those accepted since then: so long ago, as in 90m or 7d, or a time such as"
                    + " 2026-01-31T12:00:00Z.")
    private @Nullable Moment since;

    @Option(
            names = "--until",
            paramLabel = "T",
            converter = MomentConverter.class,
            description = "Only those accepted before then.")
    private @Nullable Moment until;

    @Mixin
    private FlowConditionOptions conditions;

    /** Whether a span of time was given. */
    boolean hasSpan() {
        return since != null || until != null;
    }

    /** @throws ParameterException if a value cannot be meant */
    public FlowFilter filter(Instant now) {
        return conditions.filter().between(at(since, now), at(until, now));
    }

    private static @Nullable Instant at(@Nullable Moment moment, Instant now) {
        return moment == null ? null : moment.at(now);
    }
}
