package dev.exeat.policy.cexl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks types and builds code, in one walk over the tree and with the errors of Mixer's type check. */
final class Compiler {
    private final Vocabulary vocabulary;

    record Typed(ValueType type, Code code) {}

    Compiler(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** @throws ExpressionException if a name is unknown or the types do not fit */
    Typed compile(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> new Typed(constant.type(), constant);
            case Expression.Variable variable -> {
                Lookup lookup = vocabulary.lookup(variable.name());
                if (lookup == null) {
                    throw new ExpressionException("unknown attribute " + variable.name(), variable.name());
                }
                yield new Typed(lookup.type(), lookup);
            }
            case Expression.Call call -> call(call);
        };
    }

    private Typed call(Expression.Call call) {
        Function function = Functions.named(call.function());
        if (function == null) {
            throw new ExpressionException("unknown function: " + call.function());
        }
        Code target = target(call, function);
        List<Function.Parameter> parameters = function.parameters();
        if (call.arguments().size() < parameters.size()) {
            throw new ExpressionException(call + " arity mismatch. Got "
                    + call.arguments().size() + " arg(s), expected " + parameters.size() + " arg(s)");
        }
        List<Code> arguments = new ArrayList<>();
        ValueType untyped = null;
        for (int i = 0; i < parameters.size(); i++) {
            Expression argument = call.arguments().get(i);
            Typed typed = compile(argument);
            ValueType expected = parameters.get(i).type();
            if (expected == null) {
                untyped = untyped == null ? typed.type() : untyped;
                expected = untyped;
            }
            if (typed.type() != expected) {
                throw new ExpressionException(call + " arg " + (i + 1) + " (" + argument + ") typeError got "
                        + typed.type() + ", expected " + expected);
            }
            arguments.add(typed.code());
        }
        return build(function, call, arguments, target, untyped);
    }

    private static Typed build(
            Function function,
            Expression.Call call,
            List<Code> arguments,
            @Nullable Code target,
            @Nullable ValueType untyped) {
        ValueType result = function.result() != null ? function.result() : untyped;
        if (result == null) {
            throw new IllegalStateException("no type for the result of " + call.function());
        }
        Function.Site site = new Function.Site(call, arguments, target, untyped == null ? result : untyped);
        return new Typed(result, function.builder().build(site));
    }

    private @Nullable Code target(Expression.Call call, Function function) {
        if (call.target() == null) {
            if (function.method()) {
                throw new ExpressionException("invoking instance method without an instance: " + call.function());
            }
            return null;
        }
        if (!function.method()) {
            throw new ExpressionException("invoking regular function on instance method: " + call.function());
        }
        Typed target = compile(call.target());
        if (target.type() != ValueType.STRING) {
            throw new ExpressionException(
                    call + " target typeError got " + target.type() + ", expected " + ValueType.STRING);
        }
        return target.code();
    }
}
