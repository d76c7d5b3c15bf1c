package dev.exeat.cli.seen;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.observe.FlowSourceOptions;
import dev.exeat.cli.options.MomentConverter;
import dev.exeat.cli.options.MomentConverter.Moment;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.query.Glob;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.MinuteSum;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that choose what counts as seen. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class EvidenceOptions {
    @Option(
            names = "--identity",
            paramLabel = "ID",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Only of this identity: a SPIFFE ID, or NS/SERVICE-ACCOUNT; * stands for any text. Repeatable.")
    private List<String> identities = List.of();

    @Option(
            names = "--since",
            paramLabel = "T",
            defaultValue = "14d",
            converter = MomentConverter.class,
            description = "What was seen since then: so long ago, as in 7d, or a time such as 2026-01-31T12:00:00Z"
                    + " (${DEFAULT-VALUE}).")
    private Moment since;

    @Mixin
    private FlowSourceOptions source;

    /** @throws CommandFailure if the history or the file cannot be read */
    Evidence read(Map<String, String> environment, InputStream in, Instant now) {
        Evidence evidence = new Evidence();
        read(environment, in, since(now), now.plusSeconds(1), evidence::add);
        return evidence;
    }

    Instant since(Instant now) {
        return since.at(now);
    }

    /**
     * Reads the sums of a span of time, whatever the option says of it, the oldest first.
     *
     * @throws CommandFailure if the history or the file cannot be read
     */
    void read(
            Map<String, String> environment, InputStream in, Instant from, Instant until, Consumer<MinuteSum> visitor) {
        List<Glob> globs = identities.stream().map(Glob::new).toList();
        try (FlowHistory history = source.open(environment, in)) {
            history.minutes(from, until, sum -> {
                if (fits(sum, globs)) {
                    visitor.accept(sum);
                }
                return true;
            });
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private static boolean fits(MinuteSum sum, List<Glob> globs) {
        Who who = Who.of(sum.group().identity());
        return globs.isEmpty()
                || globs.stream().anyMatch(glob -> glob.matches(who.identity()) || glob.matches(who.shortName()));
    }
}
