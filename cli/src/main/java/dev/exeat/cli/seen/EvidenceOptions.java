package dev.exeat.cli.seen;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.observe.FlowSourceOptions;
import dev.exeat.cli.options.MomentConverter;
import dev.exeat.cli.options.MomentConverter.Moment;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.Glob;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.flow.store.MinuteSum;
import dev.exeat.flow.store.Window;
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
        Consumer<MinuteSum> chosen = sum -> {
            if (fits(sum)) {
                evidence.add(sum);
            }
        };
        visit(environment, in, new Span(since(now), now.plusSeconds(1)), new Visitor(chosen, chosen));
        return evidence;
    }

    Instant since(Instant now) {
        return since.at(now);
    }

    /** @param until exclusive */
    record Span(Instant from, Instant until) {
        private boolean holds(Instant time) {
            return !time.isBefore(from) && time.isBefore(until);
        }
    }

    /**
     * Is told what the history holds.
     *
     * @param ended told of sums
     * @param open told of each connection that is carried now, as a sum of the minute in which it was accepted
     */
    record Visitor(Consumer<MinuteSum> ended, Consumer<MinuteSum> open) {}

    /**
     * Tells of what ended in a span of time, whatever the options say of it, and of what is open now.
     *
     * @throws CommandFailure if the history or the file cannot be read
     */
    void visit(Map<String, String> environment, InputStream in, Span span, Visitor visitor) {
        try (FlowHistory history = source.open(environment, in)) {
            if (source.isFile()) {
                visitFile(history, span, visitor);
            } else {
                // What ends meanwhile is told twice, rather than never.
                history.read(FlowFilter.OPEN, Window.ALL, stored -> {
                    visitor.open().accept(MinuteSum.of(stored.flow()));
                    return true;
                });
                history.minutes(span.from(), span.until(), sum -> {
                    visitor.ended().accept(sum);
                    return true;
                });
            }
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    /** Standard input can be read only once. */
    private static void visitFile(FlowHistory file, Span span, Visitor visitor) {
        file.each(FlowFilter.ALL, stored -> {
            MinuteSum sum = MinuteSum.of(stored.flow());
            if (stored.flow().event() == Event.OPEN) {
                visitor.open().accept(sum);
            } else if (span.holds(sum.minute())) {
                visitor.ended().accept(sum);
            }
        });
    }

    /** Whether it is of an identity that is asked for. */
    boolean fits(MinuteSum sum) {
        Who who = Who.of(sum.group().identity());
        return identities.isEmpty()
                || identities.stream()
                        .map(Glob::new)
                        .anyMatch(glob -> glob.matches(who.identity()) || glob.matches(who.shortName()));
    }
}
