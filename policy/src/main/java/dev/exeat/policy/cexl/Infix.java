package dev.exeat.policy.cexl;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes a syntax tree as people write expressions. */
final class Infix {
    private static final Map<String, String> OPERATORS = Map.of(
            "LOR", "||", "LAND", "&&", "EQ", "==", "NEQ", "!=", "LT", "<", "LEQ", "<=", "GT", ">", "GEQ", ">=", "OR",
            "|", "ADD", "+");

    private Infix() {}

    static String of(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> constant.text();
            case Expression.Variable variable -> variable.name();
            case Expression.Call call -> call(call);
        };
    }

    private static String call(Expression.Call call) {
        List<Expression> arguments = call.arguments();
        String operator = OPERATORS.get(call.function());
        if (operator != null && arguments.size() == 2) {
            return operand(arguments.get(0)) + " " + operator + " " + operand(arguments.get(1));
        }
        if (call.function().equals("INDEX") && arguments.size() == 2) {
            return operand(arguments.get(0)) + "[" + of(arguments.get(1)) + "]";
        }
        String list = arguments.stream().map(Infix::of).collect(Collectors.joining(", ", "(", ")"));
        return (call.target() == null ? "" : operand(call.target()) + ".") + call.function() + list;
    }

    private static String operand(Expression expression) {
        boolean operator = expression instanceof Expression.Call call && OPERATORS.containsKey(call.function());
        return operator ? "(" + of(expression) + ")" : of(expression);
    }
}
