package dev.exeat.policy.cexl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Go expression by precedence climbing and turns it into calls of named functions, as Mixer does. Every Go
 * operator is read; those that CEXL has no function for are refused by the type check.
 */
final class Parser {
    static final int MAX_LENGTH = 10_000;
    /** Levels of parentheses, calls and signs, which are levels of recursion here. */
    static final int MAX_NESTING = 64;
    /** Levels of the tree, to which a chain of operators adds without nesting. */
    static final int MAX_HEIGHT = 100;

    /** Shorter chains keep the tree that Mixer's errors quote. */
    private static final int BALANCED_FROM = 16;
    /** Evaluated from left to right until the result is certain, however the operands are grouped. */
    private static final Set<String> ASSOCIATIVE = Set.of("LOR", "LAND", "OR");

    private static final Map<String, Integer> PRECEDENCE = Map.ofEntries(
            Map.entry("||", 1),
            Map.entry("&&", 2),
            Map.entry("==", 3),
            Map.entry("!=", 3),
            Map.entry("<", 3),
            Map.entry("<=", 3),
            Map.entry(">", 3),
            Map.entry(">=", 3),
            Map.entry("+", 4),
            Map.entry("-", 4),
            Map.entry("|", 4),
            Map.entry("^", 4),
            Map.entry("*", 5),
            Map.entry("/", 5),
            Map.entry("%", 5),
            Map.entry("<<", 5),
            Map.entry(">>", 5),
            Map.entry("&", 5),
            Map.entry("&^", 5));

    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("||", "LOR"),
            Map.entry("&&", "LAND"),
            Map.entry("==", "EQ"),
            Map.entry("!=", "NEQ"),
            Map.entry("<", "LT"),
            Map.entry("<=", "LEQ"),
            Map.entry(">", "GT"),
            Map.entry(">=", "GEQ"),
            Map.entry("+", "ADD"),
            Map.entry("-", "SUB"),
            Map.entry("|", "OR"),
            Map.entry("^", "XOR"),
            Map.entry("*", "MUL"),
            Map.entry("/", "QUO"),
            Map.entry("%", "REM"),
            Map.entry("<<", "SHL"),
            Map.entry(">>", "SHR"),
            Map.entry("&", "AND"),
            Map.entry("&^", "AND_NOT"),
            Map.entry("!", "NOT"),
            Map.entry("<-", "ARROW"));

    /** What stands before a dot, a bracket or a parenthesis. */
    private sealed interface Operand {
        /** {@code a.b.c}: an attribute, or where a parenthesis follows, a target and its method. */
        record Path(List<String> names) implements Operand {}

        /** @param anchor whether a method may be called on it, as Go's grammar lets Mixer do */
        record Done(Expression expression, boolean anchor) implements Operand {}

        record Member(Expression target, String method) implements Operand {}
    }

    private final Vocabulary vocabulary;
    private final Lexer lexer;
    private Token token;
    private int depth;

    private Parser(String source, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        lexer = new Lexer(source);
        token = lexer.next();
    }

    /**
     * @param vocabulary whose variables the tree shares; names that it has not are read all the same
     * @throws ExpressionException if the text is no expression, too long or nested too deep
     */
    static Expression parse(String source, Vocabulary vocabulary) {
        if (source.length() > MAX_LENGTH) {
            throw new ExpressionException("the expression is longer than " + MAX_LENGTH + " characters");
        }
        Parser parser = new Parser(source, vocabulary);
        Expression expression = parser.binary(1);
        if (parser.token.kind() != Token.Kind.END && parser.token.kind() != Token.Kind.NEWLINE) {
            throw parser.expected("'EOF'");
        }
        return expression;
    }

    private Expression binary(int lowest) {
        enter();
        Expression left = unary();
        while (token.kind() == Token.Kind.OPERATOR) {
            String operator = token.text();
            int precedence = PRECEDENCE.getOrDefault(operator, 0);
            if (precedence < lowest) {
                break;
            }
            List<Expression> operands = new ArrayList<>(List.of(left));
            while (token.is(operator)) {
                advance();
                operands.add(binary(precedence + 1));
            }
            left = chain(function(operator), operands);
        }
        depth--;
        return left;
    }

    /**
     * The operands from left to right, joined leftmost first as Go does; a long chain is joined as a balanced tree where
     * that means the same, so that a match may name many hosts.
     */
    private static Expression chain(String function, List<Expression> operands) {
        if (operands.size() > BALANCED_FROM && ASSOCIATIVE.contains(function)) {
            int middle = operands.size() / 2;
            return call(
                    function,
                    List.of(
                            chain(function, operands.subList(0, middle)),
                            chain(function, operands.subList(middle, operands.size()))));
        }
        Expression joined = operands.getFirst();
        for (Expression operand : operands.subList(1, operands.size())) {
            joined = call(function, List.of(joined, operand));
        }
        return joined;
    }

    private Expression unary() {
        if (token.kind() == Token.Kind.OPERATOR && "+ - ! ^ * & <-".contains(token.text())) {
            String operator = token.text();
            advance();
            enter();
            Expression operand = unary();
            depth--;
            return call(function(operator), List.of(operand));
        }
        return primary();
    }

    private Expression primary() {
        Operand operand = operand();
        while (true) {
            if (token.is(".")) {
                advance();
                if (token.kind() != Token.Kind.IDENTIFIER) {
                    throw expected("selector or type assertion");
                }
                operand = select(operand, token.text());
                advance();
            } else if (token.is("(")) {
                operand = new Operand.Done(invoke(operand), true);
            } else if (token.is("[")) {
                advance();
                Expression index = binary(1);
                expect("]");
                operand = new Operand.Done(call("INDEX", List.of(finish(operand), index)), false);
            } else {
                return finish(operand);
            }
        }
    }

    private Operand operand() {
        Token first = token;
        return switch (first.kind()) {
            case IDENTIFIER -> {
                advance();
                yield new Operand.Path(List.of(first.text()));
            }
            case INTEGER, FLOAT, IMAGINARY, CHARACTER, STRING -> {
                advance();
                yield new Operand.Done(Literals.constant(first), true);
            }
            default -> {
                if (!first.is("(")) {
                    throw expected("operand");
                }
                advance();
                Expression inner = binary(1);
                expect(")");
                yield new Operand.Done(inner, true);
            }
        };
    }

    private static Operand select(Operand operand, String name) {
        return switch (operand) {
            case Operand.Path path -> {
                List<String> names = new ArrayList<>(path.names());
                names.add(name);
                yield new Operand.Path(names);
            }
            case Operand.Done done when done.anchor() -> new Operand.Member(done.expression(), name);
            case Operand.Done done ->
                throw new ExpressionException("unexpected expression: " + done.expression() + "." + name
                        + "; to call a method on an element of a map, put the element in parentheses");
            case Operand.Member member ->
                throw new ExpressionException(
                        "unexpected expression: " + member.target() + "." + member.method() + "." + name);
        };
    }

    private Expression invoke(Operand operand) {
        advance();
        List<Expression> arguments = new ArrayList<>();
        while (!token.is(")")) {
            arguments.add(binary(1));
            if (!token.is(",")) {
                break;
            }
            advance();
        }
        expect(")");
        return switch (operand) {
            case Operand.Path(List<String> names) when names.size() == 1 -> call(names.getFirst(), arguments);
            case Operand.Path(List<String> names) -> {
                String target = String.join(".", names.subList(0, names.size() - 1));
                yield call(names.getLast(), vocabulary.variable(target), arguments);
            }
            case Operand.Member(Expression target, String method) -> call(method, target, arguments);
            case Operand.Done(Expression expression, boolean _) ->
                throw new ExpressionException("unexpected expression: " + expression + " is no function");
        };
    }

    private Expression finish(Operand operand) {
        return switch (operand) {
            case Operand.Done done -> done.expression();
            case Operand.Member member ->
                throw new ExpressionException("unexpected expression: " + member.target() + "." + member.method());
            case Operand.Path(List<String> names) -> {
                String name = String.join(".", names);
                String lower = name.toLowerCase(Locale.ROOT);
                yield lower.equals("true") || lower.equals("false")
                        ? new Expression.Constant(ValueType.BOOL, lower.equals("true"), lower)
                        : vocabulary.variable(name);
            }
        };
    }

    private static Expression call(String function, List<Expression> arguments) {
        return call(function, null, arguments);
    }

    /** A chain of operators makes as deep a tree as nested parentheses do, so the tree itself is measured. */
    private static Expression call(String function, @Nullable Expression target, List<Expression> arguments) {
        Expression.Call call = new Expression.Call(function, target, arguments);
        if (call.height() > MAX_HEIGHT) {
            throw new ExpressionException("the expression chains more than " + MAX_HEIGHT + " operations");
        }
        return call;
    }

    private static String function(String operator) {
        return FUNCTIONS.getOrDefault(operator, operator);
    }

    private void enter() {
        if (++depth > MAX_NESTING) {
            throw new ExpressionException("the expression is nested deeper than " + MAX_NESTING + " levels");
        }
    }

    private void advance() {
        token = lexer.next();
    }

    private void expect(String operator) {
        if (!token.is(operator)) {
            throw expected("'" + operator + "'");
        }
        advance();
    }

    private ExpressionException expected(String what) {
        return lexer.error(token.offset(), "expected " + what + ", found " + token.found());
    }
}
