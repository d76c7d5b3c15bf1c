package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.IpAddress;
import dev.exeat.policy.mixer.StandardAttributes;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Whatever is written, there is a value or one of the two errors that callers know, on a small stack too. */
final class CexlFuzzTest {
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

    @RepeatedTest(20)
    void fails_only_with_errors_of_its_own(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 2000; i++) {
            String source = i % 2 == 0 ? pieces(random) : mutated(random);
            String outcome = outcome(source);
            assertThat(outcome).as(source).isNotEmpty();
        }
    }

    @RepeatedTest(10)
    void patterns_fail_only_with_errors_of_their_own(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String alphabet = "ab01(){}[]*+?|^$.\\,:-PpdQEzx<>=!i\u00fc\n";
        for (int i = 0; i < 2000; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int length = random.nextInt(24); length >= 0; length--) {
                pattern.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(found(pattern.toString())).as(pattern.toString()).isIn("true", "false", "refused");
        }
    }

    private static String found(String pattern) {
        try {
            return Boolean.toString(LinearPattern.compile(pattern).foundIn("aab0.b01"));
        } catch (ExpressionException e) {
            return "refused";
        }
    }

    private static String outcome(String source) {
        try {
            return "value "
                    + CompiledExpression.compile(source, StandardAttributes.vocabulary())
                            .evaluate(VALUES::get);
        } catch (ExpressionException | EvaluationException e) {
            return "error " + e.getMessage();
        }
    }

    private static String pieces(Random random) {
        StringBuilder source = new StringBuilder();
        for (int count = random.nextInt(14); count >= 0; count--) {
            source.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return source.toString();
    }

    private static String mutated(Random random) {
        StringBuilder source = new StringBuilder(
                "(source.labels[\"app\"] | \"x\") == \"y\" && match(connection.requested_server_name, \"*.a\")"
                        + " || \"^en\\\\.\".matches(connection.requested_server_name) && source.ip == ip(\"::1\")"
                        + " || dnsName(\"\u00fc.test\") == dnsName(connection.requested_server_name)"
                        + " || uri(\"http://a.test/b c\") == uri(\"HTTP://A.test:80/\") || size('c' + `d`) == 2");
        for (int count = random.nextInt(6); count >= 0; count--) {
            int at = random.nextInt(source.length());
            switch (random.nextInt(3)) {
                case 0 -> source.deleteCharAt(at);
                case 1 -> source.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                default -> source.setCharAt(at, (char) random.nextInt(0x180));
            }
        }
        return source.toString();
    }
}
