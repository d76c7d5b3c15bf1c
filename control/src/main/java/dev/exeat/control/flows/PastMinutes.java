package dev.exeat.control.flows;

import dev.exeat.control.api.ApiResponse;
import dev.exeat.flow.query.Flow.Who;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.MinuteLine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;

/** Writes the sums of minutes as they are read. */
final class PastMinutes implements ApiResponse.Stream {
    private final FlowHistory history;
    private final Span span;
    private final Sight sight;
    private final Runnable onClose;

    /**
     * Of which minutes.
     *
     * @param since inclusive
     * @param until exclusive
     */
    record Span(Instant since, Instant until) {}

    PastMinutes(FlowHistory history, Span span, Sight sight, Runnable onClose) {
        this.history = history;
        this.span = span;
        this.sight = sight;
        this.onClose = onClose;
    }

    @Override
    public void write(OutputStream to) throws IOException {
        try {
            FlowLines lines = new FlowLines(to, sight);
            history.minutes(span.since(), span.until(), sum -> {
                lines.write(Who.of(sum.group().identity()).namespace(), MinuteLine.encode(sum));
                return lines.goesOn();
            });
            lines.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() {
        history.close();
        onClose.run();
    }
}
