package dev.exeat.policy.mixer;

import dev.exeat.policy.cexl.CompiledExpression;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The fields of an instance, as its template wants them. */
sealed interface InstanceConfig {

    record ListEntry(CompiledExpression value) implements InstanceConfig {}

    /** @param variables by byte order of the name */
    record Log(
            SortedMap<String, CompiledExpression> variables,
            @Nullable CompiledExpression timestamp,
            @Nullable CompiledExpression severity)
            implements InstanceConfig {}

    record Metric(CompiledExpression value, SortedMap<String, CompiledExpression> dimensions)
            implements InstanceConfig {}

    /** Of a template without fields, or one that means nothing here. */
    record None() implements InstanceConfig {}
}
