package dev.exeat.flow.query;

import dev.exeat.flow.ConnectionRecord.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which connections are asked for: those that were accepted in a span of time and fit every condition. Immutable.
 *
 * @param since null for the beginning
 * @param until exclusive; null for the end
 */
public record FlowFilter(@Nullable Instant since, @Nullable Instant until, List<Condition> conditions) {
    public static final FlowFilter ALL = new FlowFilter(null, null, List.of());

    private static final Condition IS_OPEN = Condition.of(FlowField.EVENT, List.of(Event.OPEN.code()), false);

    /** Those that are carried now. */
    public static final FlowFilter OPEN = ALL.and(IS_OPEN);

    public FlowFilter {
        conditions = List.copyOf(conditions);
    }

    /** Holds where one of the globs fits the field, or where none does if it is negated. */
    public record Condition(FlowField field, List<Glob> globs, boolean negated) {
        public Condition {
            globs = List.copyOf(globs);
        }

        /** A digest is given by its beginning, for the lines that people copy from show no more. */
        public static Condition of(FlowField field, List<String> values, boolean negated) {
            String rest = field == FlowField.POLICY ? "*" : "";
            return new Condition(
                    field, values.stream().map(value -> new Glob(value + rest)).toList(), negated);
        }

        boolean test(Flow flow) {
            List<String> texts = field.of(flow);
            return globs.stream().anyMatch(glob -> texts.stream().anyMatch(glob::matches)) != negated;
        }
    }

    public boolean test(Flow flow) {
        return (since == null || !flow.time().isBefore(since))
                && (until == null || flow.time().isBefore(until))
                && conditions.stream().allMatch(condition -> condition.test(flow));
    }

    /** Whether nothing that has ended can fit, as far as is known without looking at it. */
    public boolean isOfOpen() {
        return conditions.contains(IS_OPEN);
    }

    /** The same with one condition more. */
    public FlowFilter and(Condition condition) {
        List<Condition> all = new ArrayList<>(conditions);
        all.add(condition);
        return new FlowFilter(since, until, all);
    }

    /** The same for another span of time. */
    public FlowFilter between(@Nullable Instant from, @Nullable Instant to) {
        return new FlowFilter(from, to, conditions);
    }
}
