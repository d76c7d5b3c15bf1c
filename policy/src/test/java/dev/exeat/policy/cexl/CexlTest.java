package dev.exeat.policy.cexl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of Mixer's expression language: grammar, types, operators, functions, errors. */
final class CexlTest {
    private static final Vocabulary VOCABULARY = new Vocabulary(Map.ofEntries(
            Map.entry("s", ValueType.STRING),
            Map.entry("t", ValueType.STRING),
            Map.entry("a.b.c", ValueType.STRING),
            Map.entry("n", ValueType.INT64),
            Map.entry("d", ValueType.DOUBLE),
            Map.entry("yes", ValueType.BOOL),
            Map.entry("no", ValueType.BOOL),
            Map.entry("time", ValueType.TIMESTAMP),
            Map.entry("span", ValueType.DURATION),
            Map.entry("address", ValueType.IP_ADDRESS),
            Map.entry("labels", ValueType.STRING_MAP),
            Map.entry("absent", ValueType.STRING),
            Map.entry("absent2", ValueType.STRING),
            Map.entry("absentBool", ValueType.BOOL),
            Map.entry("absentMap", ValueType.STRING_MAP),
            Map.entry("wrong", ValueType.STRING)));

    private static final Map<String, Object> VALUES = new HashMap<>(Map.ofEntries(
            Map.entry("s", "en.wikipedia.org"),
            Map.entry("t", ""),
            Map.entry("a.b.c", "abc"),
            Map.entry("n", 20L),
            Map.entry("d", 2.5),
            Map.entry("yes", true),
            Map.entry("no", false),
            Map.entry("time", Instant.parse("2019-01-10T17:33:55Z")),
            Map.entry("span", Duration.ofMillis(1500)),
            Map.entry("address", IpAddress.parse("192.0.2.1")),
            Map.entry("labels", Map.of("app", "sleep", "empty", "")),
            Map.entry("wrong", 20L)));

    private static CompiledExpression compile(String source) {
        return CompiledExpression.compile(source, VOCABULARY);
    }

    private static Object evaluate(String source) {
        return compile(source).evaluate(VALUES::get);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // names and constants
                "a.b.c == \"abc\"",
                "a . b . c == `abc`",
                "true == TRUE",
                "no || tRuE",
                "false == False",
                "1 + 2 == 3",
                "0.5 + 2.0 == d",
                "d == 2.5",
                "2.5e0 == d",
                "\"\\x61\\u0062\\143\" == a.b.c",
                "`a\\b` == \"a\\\\b\"",
                "\"\\a\\b\\f\\n\\r\\t\\v\\\"\" != \"\"",
                "\"\\U0001F600\" == \"\uD83D\uDE00\"",
                "'x' == \"x\"",
                "'\\'' == \"'\"",
                "(s) == (((s)))",
                "s == /* why */ \"en.wikipedia.org\" // end",
                // precedence: | and + bind closer than ==, those closer than &&, that closer than ||
                "absent | \"x\" == \"x\"",
                "a.b.c == absent | \"abc\"",
                "yes || no && no",
                "no && no || yes",
                "labels[\"app\"] | \"x\" == \"sleep\"",
                "\"a\" + \"b\" == \"ab\"",
                // map elements
                "labels[\"app\"] == \"sleep\"",
                "labels[absent | \"app\"] == \"sleep\"",
                "labels[\"missing\"] == \"\"",
                "(labels[\"missing\"] | \"d\") == \"d\"",
                "(labels[\"empty\"] | \"d\") == \"\"",
                "(absentMap[\"app\"] | \"d\") == \"d\"",
                "(labels[absent] | \"d\") == \"d\"",
                "(t | \"d\") == \"\"",
                "(absent | absent2 | \"d\") == \"d\"",
                "((absent | absent2) | \"d\") == \"d\"",
                "(absent | (absent2 | \"d\")) == \"d\"",
                "(yes == yes | no) == true",
                "((yes == no) | yes) == false",
                "emptyStringMap()[\"x\"] == \"\"",
                "(absentMap | emptyStringMap())[\"x\"] == \"\"",
                // short circuit
                "yes || absentBool",
                "(no && absentBool) == false",
                // comparisons
                "s != \"x\"",
                "n == 20",
                "n != 21",
                "n < 21",
                "n <= 20",
                "n > 19",
                "n >= 20",
                "d < 2.6",
                "\"a\" < \"b\"",
                "\"B\" < \"a\"",
                "\"a\" <= \"a\"",
                "\"\uFFFD\" < \"\uD83D\uDE00\"",
                "span == \"1500ms\"",
                "span > \"1s\"",
                "span < \"1h30m\"",
                "span >= \"0\"",
                "time == timestamp(\"2019-01-10T18:33:55+01:00\")",
                "time < timestamp(\"2019-01-10T17:33:55.5Z\")",
                "time >= timestamp(\"2017-01-01T00:00:00Z\")",
                "address == ip(\"192.0.2.1\")",
                "address == ip(\"::ffff:192.0.2.1\")",
                "address != ip(\"192.0.2.2\")",
                "dnsName(\"en.wikipedia.org\") == dnsName(\"EN.Wikipedia.org.\")",
                "dnsName(\"b\u00fccher.test\") == dnsName(\"xn--bcher-kva.test\")",
                "dnsName(\"a.test\") != dnsName(\"b.test\")",
                "email(\"a@B.test\") == email(\"a@b.TEST\")",
                "email(\"A@b.test\") != email(\"a@b.test\")",
                "uri(\"HTTP://A.test/x\") == uri(\"http://a.TEST/x\")",
                "uri(\"http://a.test/x\") != uri(\"http://a.test/X\")",
                "uri(\"http://a.test:80/\") != uri(\"http://a.test/\")",
                "uri(\"urn:A\") != uri(\"urn:a\")",
                "yes == true",
                "EQ(n, 20)",
                // functions
                "match(\"a.b\", \"*b\")",
                "match(\"ab\", \"a*\")",
                "match(\"x\", \"*\")",
                "match(\"*a\", \"*a*\")",
                "match(\"ab\", \"*a*\") == false",
                "match(\"ab\", \"ab\")",
                "match(s, \"*.wikipedia.org\")",
                "match(\"wikipedia.org\", \"*.wikipedia.org\") == false",
                "\"^en\\\\.\".matches(s)",
                "`wiki`.matches(s)",
                "(\"^\" + \"en\").matches(s)",
                "\"^wiki\".matches(s) == false",
                "s.startsWith(\"en\")",
                "s.endsWith(\".org\")",
                "a.b.c.startsWith(\"ab\")",
                "(labels[\"app\"]).startsWith(\"sl\")",
                "toLower(\"ABC\") == a.b.c",
                "toLower(\"ABC\").startsWith(\"abc\")",
                "size(\"\u00e9\") == 2",
                "size(\"\") == 0",
                "conditional(yes, s, absent) == s",
                "conditional(no, absent, s) == s",
                "conditional(n == 20, 1, 2) == 1",
                "conditionalString(yes, \"a\", \"b\") == \"a\"",
                // more arguments than wanted are not noticed
                "match(\"a\", \"a\", 5)",
                "ip(\"2001:db8::1\") == ip(\"2001:DB8:0:0::1\")",
            })
    void holds(String expression) {
        assertThat(compile(expression).type()).isEqualTo(ValueType.BOOL);
        assertThat(evaluate(expression)).isEqualTo(true);
        assertThat(compile(expression).holds(VALUES::get)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '#',
            value = {
                "1 # INT64",
                "1.5 # DOUBLE",
                "\"x\" # STRING",
                "'c' # STRING",
                "`x` # STRING",
                "TRUE # BOOL",
                "\"0ms\" # DURATION",
                "\"10s\" # DURATION",
                "\"1h30m\" # DURATION",
                "\"0\" # DURATION",
                "\"-1.5us\" # DURATION",
                "\"1d\" # STRING",
                "\"5\" # STRING",
                "\"\" # STRING",
                "\".s\" # STRING",
                "labels # STRING_MAP",
                "emptyStringMap() # STRING_MAP",
                "labels[\"a\"] # STRING",
                "ip(s) # IP_ADDRESS",
                "timestamp(s) # TIMESTAMP",
                "dnsName(s) # DNS_NAME",
                "email(s) # EMAIL_ADDRESS",
                "uri(s) # URI",
                "size(s) # INT64",
                "absent | s # STRING",
                "n + 1 # INT64",
                "conditional(yes, n, 2) # INT64",
                "context.x | \"y\" # STRING",
            })
    void has_a_type(String expression, ValueType type) {
        Vocabulary vocabulary = VOCABULARY.with(Map.of("context.x", ValueType.STRING));

        assertThat(CompiledExpression.compile(expression, vocabulary).type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '#',
            value = {
                // names
                "unknown # unknown attribute unknown",
                "a.b # unknown attribute a.b",
                "reverse(s) # unknown function: reverse",
                "pick(s) # unknown function: pick",
                "s.frob() # unknown function: frob",
                // operators of Go without a meaning
                "n - 1 # unknown function: SUB",
                "-n # unknown function: SUB",
                "n * 1 # unknown function: MUL",
                "n / 1 # unknown function: QUO",
                "n % 5 # unknown function: REM",
                "!yes # unknown function: NOT",
                "n & 1 # unknown function: AND",
                "n ^ 1 # unknown function: XOR",
                "n << 1 # unknown function: SHL",
                "n >> 1 # unknown function: SHR",
                "n &^ 1 # unknown function: AND_NOT",
                "+n # ADD($n) arity mismatch. Got 1 arg(s), expected 2 arg(s)",
                // types
                "s == 2 # EQ($s, 2) arg 2 (2) typeError got INT64, expected STRING",
                "2 == s # EQ(2, $s) arg 2 ($s) typeError got STRING, expected INT64",
                "s == \"0\" # EQ($s, \"0\") arg 2 (\"0\") typeError got DURATION, expected STRING",
                "labels[\"v\"] == \"5s\" # EQ(INDEX($labels, \"v\"), \"5s\") arg 2 (\"5s\") typeError got DURATION, expected STRING",
                "s | 2 # OR($s, 2) arg 2 (2) typeError got INT64, expected STRING",
                "s && yes # LAND($s, $yes) arg 1 ($s) typeError got STRING, expected BOOL",
                "yes || s # LOR($yes, $s) arg 2 ($s) typeError got STRING, expected BOOL",
                "a.b.c | \"x\" == \"y\" | 1 # OR(\"y\", 1) arg 2 (1) typeError got INT64, expected STRING",
                "s[\"x\"] # INDEX($s, \"x\") arg 1 ($s) typeError got STRING, expected STRING_MAP",
                "labels[1] # INDEX($labels, 1) arg 2 (1) typeError got INT64, expected STRING",
                "match(s) # match($s) arity mismatch. Got 1 arg(s), expected 2 arg(s)",
                "match(s, 1) # match($s, 1) arg 2 (1) typeError got INT64, expected STRING",
                "EQ(\"abc\") # EQ(\"abc\") arity mismatch. Got 1 arg(s), expected 2 arg(s)",
                "n.matches(s) # $n:matches($s) target typeError got INT64, expected STRING",
                "s.matches() # $s:matches() arity mismatch. Got 0 arg(s), expected 1 arg(s)",
                "matches(s) # invoking instance method without an instance: matches",
                "startsWith(s) # invoking instance method without an instance: startsWith",
                "s.match(t) # invoking regular function on instance method: match",
                "s.toLower() # invoking regular function on instance method: toLower",
                "conditional(s, 1, 2) # conditional($s, 1, 2) arg 1 ($s) typeError got STRING, expected BOOL",
                "conditional(yes, 1, s) # conditional($yes, 1, $s) arg 3 ($s) typeError got STRING, expected INT64",
                "conditionalString(yes, 1, s) # conditionalString($yes, 1, $s) arg 2 (1) typeError got INT64, expected STRING",
                "labels == labels # equality for type not yet implemented: STRING_MAP",
                "labels != labels # equality for type not yet implemented: STRING_MAP",
                "yes < no # order for type not yet implemented: BOOL",
                "address > address # order for type not yet implemented: IP_ADDRESS",
                "yes + no # addition for type not yet implemented: BOOL",
                // literals
                "0x10 # strconv.ParseInt: parsing \"0x10\": invalid syntax",
                "9223372036854775808 # strconv.ParseInt: parsing \"9223372036854775808\": value out of range",
                "1i # invalid syntax: 1i is an imaginary number",
                "\"\\q\" # invalid syntax: the literal \"\\q\" has a wrong escape",
                "'ab' # invalid syntax: the literal 'ab' has a wrong escape",
                "\"(\".matches(s) # error parsing regexp: missing closing ): `(`",
                // shapes
                "labels[\"a\"].startsWith(s) # unexpected expression: INDEX($labels, \"a\").startsWith; to call a method on an element of a map, put the element in parentheses",
                "(s).x # unexpected expression: $s.x",
                "size(s)(t) # unexpected expression: size($s) is no function",
            })
    void is_refused(String expression, String message) {
        assertThatThrownBy(() -> compile(expression))
                .isInstanceOf(ExpressionException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '#',
            value = {
                "s == # 1:5: expected operand, found 'EOF'",
                "~~ # 1:1: expected operand, found 'EOF'",
                "(s # 1:3: expected ')', found newline",
                "s t # 1:3: expected 'EOF', found t",
                "s == = # 1:6: expected operand, found '='",
                "labels[s # 1:9: expected ']', found newline",
                "match(s, # 1:9: expected operand, found 'EOF'",
                "s. # 1:3: expected selector or type assertion, found 'EOF'",
                "s.5 # 1:2: expected 'EOF', found .5",
                "s @ t # 1:3: illegal character U+0040 '@'",
                "s == \"x # 1:6: string literal not terminated",
                "s == 'x # 1:6: rune literal not terminated",
                "s /* # 1:3: comment not terminated",
            })
    void is_not_parsed(String expression, String message) {
        assertThatThrownBy(() -> compile(expression))
                .isInstanceOf(ExpressionException.class)
                .hasMessage("unable to parse expression '" + expression + "': " + message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '#',
            value = {
                "absent == \"x\" # lookup failed: 'absent'",
                "\"x\" == absent # lookup failed: 'absent'",
                "absent | absent2 # lookup failed: 'absent2'",
                "yes && absentBool # lookup failed: 'absentBool'",
                "no || absentBool # lookup failed: 'absentBool'",
                "absentMap[\"x\"] # lookup failed: 'absentMap'",
                "labels[absent] # lookup failed: 'absent'",
                // a call to the left of a bar must not fail
                "toLower(absent) | \"x\" # lookup failed: 'absent'",
                "(absent + \"x\") | \"y\" # lookup failed: 'absent'",
                "(absent == \"x\") | yes # lookup failed: 'absent'",
                "conditional(yes, absent, s) # lookup failed: 'absent'",
                "conditionalString(yes, s, absent) # lookup failed: 'absent'",
                "wrong == \"x\" # error converting value to string: '20'",
                "ip(s) # could not convert en.wikipedia.org to IP_ADDRESS",
                "ip(\"1.2.3\") # could not convert 1.2.3 to IP_ADDRESS",
                "timestamp(\"yesterday\") # could not convert 'yesterday' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'",
                "timestamp(\"2017-13-01T00:00:00Z\") # could not convert '2017-13-01T00:00:00Z' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'",
                "timestamp(\"2017-01-01T00:00Z\") # could not convert '2017-01-01T00:00Z' to TIMESTAMP. expected format: '2006-01-02T15:04:05Z07:00'",
                "uri(t) # error converting string to uri: empty string",
                "(\"(\" + \"\").matches(s) # error parsing regexp: missing closing ): `(`",
            })
    void fails_to_evaluate(String expression, String message) {
        assertThatThrownBy(() -> evaluate(expression))
                .isInstanceOf(EvaluationException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.test", "a..test", "-a.test", "a b.test", ""})
    void refuses_what_is_no_dns_name(String name) {
        assertThatThrownBy(() -> evaluate("dnsName(\"" + name + "\")"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("error converting '" + name + "' to dns name: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "@b.test", "a@", "A <a@b.test>", "a@b@c.test", "a..b@c.test", "a@*.test"})
    void refuses_what_is_no_mail_address(String address) {
        assertThatThrownBy(() -> evaluate("email(\"" + address + "\")"))
                .isInstanceOf(EvaluationException.class)
                .hasMessageStartingWith("error converting '" + address + "' to e-mail: ");
    }

    @Test
    void newlines_and_blanks_mean_nothing() {
        assertThat(evaluate("  yes\n  && (s ==\n\t\"en.wikipedia.org\")\n")).isEqualTo(true);
    }

    @Test
    void tells_which_attributes_it_needs() {
        Expression match = compile("(absent | s) == labels[t] && (absentMap[a.b.c] | toLower(absent2)) != \"\"")
                .syntax();

        assertThat(Attributes.needed(match)).containsExactly("s", "labels", "t", "absent2");
        assertThat(Attributes.of(match)).containsExactly("absent", "s", "labels", "t", "absentMap", "a.b.c", "absent2");
    }

    @Test
    void explains_the_first_conjunct_that_does_not_hold() {
        assertThat(compile("yes && (absent | \"x\") == \"y\" && no").explain(VALUES::get))
                .isEqualTo("(absent | \"x\") == \"y\" is false, where absent is absent");
    }
}
