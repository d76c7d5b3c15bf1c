package dev.exeat.policy.cexl;

/** An expression that has been parsed, type-checked and compiled. Immutable and thread-safe. */
public final class CompiledExpression {
    private final String source;
    private final Expression syntax;
    private final ValueType type;
    private final Code code;

    private CompiledExpression(String source, Expression syntax, Compiler.Typed typed) {
        this.source = source;
        this.syntax = syntax;
        this.type = typed.type();
        this.code = typed.code();
    }

    /**
     * Compiles text of at most 10,000 characters and 200 levels.
     *
     * @throws ExpressionException if it is no expression, names something unknown or mixes types
     */
    public static CompiledExpression compile(String source, Vocabulary vocabulary) {
        Expression syntax = Parser.parse(source);
        return new CompiledExpression(source, syntax, new Compiler(vocabulary).compile(syntax));
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
}
