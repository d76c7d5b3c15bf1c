package dev.exeat.policy.cexl;

import java.util.List;

/** An expression that has been parsed, type-checked and compiled. Immutable and thread-safe. */
public final class CompiledExpression {
    private final String source;
    private final Expression syntax;
    private final ValueType type;
    private final Code code;
    private final Vocabulary vocabulary;

    private CompiledExpression(String source, Expression syntax, Compiler.Typed typed, Vocabulary vocabulary) {
        this.source = source;
        this.syntax = syntax;
        this.type = typed.type();
        this.code = typed.code();
        this.vocabulary = vocabulary;
    }

    /**
     * Compiles text of at most 10,000 characters, 64 levels and 100 operations in a chain; chains of {@code ||},
     * {@code &&} or {@code |} may be as long as the text.
     *
     * @throws ExpressionException if it is no expression, names something unknown or mixes types
     */
    public static CompiledExpression compile(String source, Vocabulary vocabulary) {
        Expression syntax = Parser.parse(source, vocabulary);
        return new CompiledExpression(source, syntax, new Compiler(vocabulary).compile(syntax), vocabulary);
    }

    public String source() {
        return source;
    }

    public Expression syntax() {
        return syntax;
    }

    public ValueType type() {
        return type;
    }

    /**
     * The value, as the {@link ValueType} represents it.
     *
     * @throws EvaluationException if an attribute that is needed is absent, or a conversion fails
     */
    public Object evaluate(AttributeBag bag) {
        return code.value(bag);
    }

    /**
     * The value of an expression of type BOOL.
     *
     * @throws EvaluationException as {@link #evaluate}
     */
    public boolean holds(AttributeBag bag) {
        return code.holds(bag);
    }

    /** For people: the first conjunct that does not hold, and the attributes that it reads. */
    public String explain(AttributeBag bag) {
        return explain(syntax, bag);
    }

    private String explain(Expression expression, AttributeBag bag) {
        List<Expression> both = Expression.operands(expression, "LAND");
        if (both != null) {
            return explain(isTrue(both.getFirst(), bag) ? both.getLast() : both.getFirst(), bag);
        }
        StringBuilder text = new StringBuilder(Infix.of(expression)).append(" is ");
        text.append(isTrue(expression, bag) ? "true" : "false");
        String separator = ", where ";
        for (String attribute : Attributes.of(expression)) {
            Object value = bag.value(attribute);
            text.append(separator).append(attribute).append(value == null ? " is absent" : " = " + value);
            separator = ", ";
        }
        return text.toString();
    }

    private boolean isTrue(Expression part, AttributeBag bag) {
        return new Compiler(vocabulary).compile(part).code().holds(bag);
    }
}
