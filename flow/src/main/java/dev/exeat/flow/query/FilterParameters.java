package dev.exeat.flow.query;

import dev.exeat.flow.query.FlowFilter.Condition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A filter as the parameters of a query: {@code since} and {@code until}, times of RFC 3339, and for each condition a
 * {@code where}, as in {@code where=host=*.example.com,example.com} or {@code where=!ech=true}.
 */
public final class FilterParameters {
    private static final int MOST_CONDITIONS = 64;
    private static final String SEPARATOR = ",";

    private FilterParameters() {}

    /**
     * Names and values, undecoded.
     *
     * @throws IllegalArgumentException if a value has a comma
     */
    public static List<Map.Entry<String, String>> of(FlowFilter filter) {
        List<Map.Entry<String, String>> parameters = new ArrayList<>();
        if (filter.since() != null) {
            parameters.add(Map.entry("since", filter.since().toString()));
        }
        if (filter.until() != null) {
            parameters.add(Map.entry("until", filter.until().toString()));
        }
        for (Condition condition : filter.conditions()) {
            parameters.add(Map.entry(
                    "where",
                    (condition.negated() ? "!" : "") + condition.field().option() + "="
                            + condition.globs().stream()
                                    .map(FilterParameters::pattern)
                                    .collect(Collectors.joining(SEPARATOR))));
        }
        return parameters;
    }

    private static String pattern(Glob glob) {
        if (glob.pattern().contains(SEPARATOR)) {
            throw new IllegalArgumentException("a comma cannot be asked for: " + glob.pattern());
        }
        return glob.pattern();
    }

    /**
     * The filter that the parameters are of.
     *
     * @param values of a parameter by its name; others than those of a filter are left alone
     * @throws IllegalArgumentException if one cannot be meant
     */
    public static FlowFilter read(Function<String, List<String>> values) {
        FlowFilter filter = new FlowFilter(time("since", values), time("until", values), List.of());
        List<String> conditions = values.apply("where");
        if (conditions.size() > MOST_CONDITIONS) {
            throw new IllegalArgumentException("more than " + MOST_CONDITIONS + " conditions");
        }
        for (String condition : conditions) {
            filter = filter.and(condition(condition));
        }
        return filter;
    }

    private static @Nullable Instant time(String name, Function<String, List<String>> values) {
        List<String> given = values.apply(name);
        if (given.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(given.getFirst());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is no time such as 2026-01-31T12:00:00Z", e);
        }
    }

    private static Condition condition(String text) {
        boolean negated = text.startsWith("!");
        String rest = negated ? text.substring(1) : text;
        int equals = rest.indexOf('=');
        FlowField field = Arrays.stream(FlowField.values())
                .filter(each -> equals >= 0 && each.option().equals(rest.substring(0, equals)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("where names no field, as where=host=*.example.com"));
        return new Condition(
                field,
                Arrays.stream(rest.substring(equals + 1).split(SEPARATOR, -1))
                        .map(Glob::new)
                        .toList(),
                negated);
    }
}
