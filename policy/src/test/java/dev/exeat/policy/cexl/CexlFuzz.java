package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.IpAddress;
import dev.exeat.policy.mixer.StandardAttributes;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Same;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Any text ends in a value or in one of the two errors that callers know. What has a value keeps it in parentheses,
 * written anew from its syntax tree, and joined with what changes nothing.
 */
public final class CexlFuzz implements FuzzTarget {
    private static final List<String> PIECES = List.of(
            "source.principal",
            "connection.requested_server_name",
            "source.labels",
            "source.ip",
            "context.time",
            "connection.mtls",
            "destination.port",
            "match",
            "matches",
            "ip",
            "timestamp",
            "dnsName",
            "email",
            "uri",
            "conditional",
            "toLower",
            "size",
            "emptyStringMap",
            "startsWith",
            "true",
            "False",
            "(",
            ")",
            "[",
            "]",
            "{",
            ",",
            ".",
            "==",
            "!=",
            "<=",
            "||",
            "&&",
            "|",
            "+",
            "-",
            "!",
            "<-",
            "\"a\"",
            "\"5s\"",
            "\"^a{2,3}(b|c)*$\"",
            "\"\\x41\\u00e9\"",
            "`raw`",
            "'c'",
            "0x1f",
            "1e309",
            "1.5",
            "07",
            "9223372036854775808",
            "2i",
            "\\",
            "\"",
            "\u0000",
            "\ud83d",
            "\u00fc",
            "/*",
            "//",
            "\n",
            " ");

    private static final Map<String, Object> VALUES = Map.of(
            "connection.requested_server_name",
            "en.wikipedia.org",
            "source.labels",
            Map.of("a", "b"),
            "source.ip",
            IpAddress.parse("192.0.2.1"),
            "connection.mtls",
            true,
            "destination.port",
            443L);

    @Override
    public String name() {
        return "cexl";
    }

    @Override
    public List<String> words() {
        return PIECES;
    }

    @Override
    public int maxLength() {
        return 400;
    }

    @Override
    public String feed(byte[] input) {
        String source = new String(input, StandardCharsets.UTF_8);
        CompiledExpression compiled;
        try {
            compiled = compile(source);
        } catch (ExpressionException e) {
            return "refused " + withoutQuotes(e.getMessage());
        }
        Object value = value(compiled);
        Same.require("evaluated again", value(compiled), value);
        assertSame(Infix.of(compiled.syntax()), compiled, value);
        // A line end closes a comment at the end.
        assertSame("(" + source + "\n)", compiled, value);
        if (compiled.type() == ValueType.BOOL) {
            assertSame("true && (" + source + "\n)", compiled, value);
            assertSame("false || (" + source + "\n)", compiled, value);
        }
        if (value instanceof Boolean) {
            Same.require("explained", compiled.explain(VALUES::get).isEmpty(), false);
        }
        return value instanceof String error && error.startsWith("\0")
                ? "no value: " + withoutQuotes(error.substring(1))
                : "value " + compiled.type() + " "
                        + (compiled.syntax() instanceof Expression.Call call
                                ? call.function()
                                : compiled.syntax().getClass().getSimpleName());
    }

    private static void assertSame(String other, CompiledExpression compiled, Object value) {
        CompiledExpression again;
        try {
            again = compile(other);
        } catch (ExpressionException e) {
            // One more level, or a longer text, may pass a bound.
            assertThat(e.getMessage()).as(other).containsAnyOf("deep", "long", "level", "nest", "operations");
            return;
        }
        Same.require(other, again.type(), compiled.type());
        Same.require(other, value(again), value);
    }

    private static CompiledExpression compile(String source) {
        return CompiledExpression.compile(source, StandardAttributes.vocabulary());
    }

    /** The value, or what is wrong after a zero character. */
    private static Object value(CompiledExpression compiled) {
        try {
            return compiled.evaluate(VALUES::get);
        } catch (EvaluationException e) {
            return "\0" + e.getMessage();
        }
    }

    private static String withoutQuotes(String message) {
        return message.replaceAll("\"[^\"]*\"|'[^']*'|`[^`]*`", "").replaceAll("[^ -~]|\\d", "");
    }
}
