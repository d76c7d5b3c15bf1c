package dev.exeat.policy.mixer;

import dev.exeat.model.IpAddress;
import dev.exeat.model.LogEntry;
import dev.exeat.policy.cexl.AttributeBag;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.EvaluationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A {@code stdio} handler joined with an instance. Immutable and thread-safe. */
sealed interface Report {

    /**
     * The line to write, or null where the handler writes none for it.
     *
     * @throws EvaluationException if a field has no value; the line is then left out, as in Mixer
     */
    @Nullable
    LogEntry entry(AttributeBag bag, Instant now);

    record OfLog(String instance, HandlerConfig.Stdio handler, InstanceConfig.Log fields) implements Report {
        @Override
        public @Nullable LogEntry entry(AttributeBag bag, Instant now) {
            CompiledExpression severity = fields.severity();
            String text = severity == null ? "" : (String) severity.evaluate(bag);
            LogEntry.Level level = handler.levels().getOrDefault(text, LogEntry.Level.INFO);
            if (level.compareTo(handler.least()) < 0) {
                return null;
            }
            CompiledExpression timestamp = fields.timestamp();
            Instant time = timestamp == null ? now : (Instant) timestamp.evaluate(bag);
            SortedMap<String, LogEntry.Value> variables = new TreeMap<>();
            evaluate(fields.variables(), bag, variables);
            return new LogEntry(handler.stream(), level, time, instance, variables);
        }
    }

    record OfMetric(String instance, HandlerConfig.Stdio handler, InstanceConfig.Metric fields) implements Report {
        private static final String VALUE = "value";
        private static final Comparator<String> VALUE_FIRST = Comparator.<String, Boolean>comparing(
                        name -> !name.equals(VALUE))
                .thenComparing(Comparator.naturalOrder());

        @Override
        public @Nullable LogEntry entry(AttributeBag bag, Instant now) {
            if (handler.metricLevel().compareTo(handler.least()) < 0) {
                return null;
            }
            SortedMap<String, LogEntry.Value> variables = new TreeMap<>(VALUE_FIRST);
            evaluate(fields.dimensions(), bag, variables);
            variables.put(VALUE, valueOf(fields.value().evaluate(bag)));
            return new LogEntry(handler.stream(), handler.metricLevel(), now, instance, variables);
        }
    }

    private static void evaluate(
            SortedMap<String, CompiledExpression> expressions,
            AttributeBag bag,
            SortedMap<String, LogEntry.Value> variables) {
        for (Map.Entry<String, CompiledExpression> entry : expressions.entrySet()) {
            variables.put(entry.getKey(), valueOf(entry.getValue().evaluate(bag)));
        }
    }

    private static LogEntry.Value valueOf(Object value) {
        return switch (value) {
            case Long number -> new LogEntry.Value.Int(number);
            case Double number -> new LogEntry.Value.Decimal(number);
            case Boolean bool -> new LogEntry.Value.Bool(bool);
            case Instant time -> new LogEntry.Value.Time(time);
            case Duration span -> new LogEntry.Value.Span(span);
            case IpAddress address -> new LogEntry.Value.Ip(address);
            case Map<?, ?> map -> {
                Map<String, String> texts = new TreeMap<>();
                map.forEach((key, element) -> texts.put(key.toString(), element.toString()));
                yield new LogEntry.Value.TextMap(texts);
            }
            default -> new LogEntry.Value.Text(value.toString());
        };
    }
}
