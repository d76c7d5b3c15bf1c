package dev.exeat.policy.mixer;

import dev.exeat.model.Node;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.ExpressionException;
import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Spelling;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads fields that hold expressions. */
final class ExpressionReader {
    private final Vocabulary vocabulary;

    ExpressionReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * The expression of a field, or null where it is not there, or wrong and reported.
     *
     * @param required the type it must have, or null for any
     */
    @Nullable
    CompiledExpression read(Fields fields, String name, @Nullable ValueType required) {
        Field field = fields.find(name);
        return field == null ? null : read(fields, field, required);
    }

    @Nullable
    CompiledExpression read(Fields fields, Field field, @Nullable ValueType required) {
        // An unquoted true or 1 is an expression too, whatever YAML takes it for.
        if (!(field.node() instanceof Node.Scalar scalar)) {
            fields.wrongType(field, "an expression", "");
            return null;
        }
        CompiledExpression expression;
        try {
            expression = CompiledExpression.compile(scalar.text(), vocabulary);
        } catch (ExpressionException e) {
            fields.findings()
                    .error("invalid-expression", field.place(), field.path(), e.getMessage(), cure(scalar.text(), e));
            return null;
        }
        if (required != null && expression.type() != required) {
            fields.findings()
                    .error(
                            "invalid-expression",
                            field.place(),
                            field.path(),
                            "expression '" + scalar.text() + "' typeError got " + expression.type() + ", expected "
                                    + required,
                            "");
            return null;
        }
        return expression;
    }

    private String cure(String source, ExpressionException fault) {
        String unknown = fault.unknownAttribute();
        if (unknown != null) {
            String near = Spelling.cure(unknown, vocabulary.names());
            boolean literal = source.strip().equals(unknown) && unknown.indexOf('.') < 0;
            return !near.isEmpty()
                    ? near
                    : literal
                            ? "to mean the text itself, quote it within the quotes: '\"" + unknown + "\"'"
                            : "declare it in an attributemanifest, or use one of Istio's attributes";
        }
        return fault.getMessage().contains("got DURATION, expected STRING")
                ? "a text that reads as a duration, such as \"5s\" or \"0\", is a DURATION"
                : "";
    }

    /** The expressions of a mapping, by byte order of their keys; wrong ones are reported and left out. */
    SortedMap<String, CompiledExpression> map(Fields fields, String name) {
        SortedMap<String, CompiledExpression> expressions = new TreeMap<>();
        for (Map.Entry<String, Field> entry : fields.entries(name).entrySet()) {
            CompiledExpression expression = read(fields, entry.getValue(), null);
            if (expression != null) {
                expressions.put(entry.getKey(), expression);
            }
        }
        return expressions;
    }
}
