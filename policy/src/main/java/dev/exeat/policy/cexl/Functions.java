package dev.exeat.policy.cexl;

import static dev.exeat.policy.cexl.ValueType.BOOL;
import static dev.exeat.policy.cexl.ValueType.DNS_NAME;
import static dev.exeat.policy.cexl.ValueType.EMAIL_ADDRESS;
import static dev.exeat.policy.cexl.ValueType.INT64;
import static dev.exeat.policy.cexl.ValueType.IP_ADDRESS;
import static dev.exeat.policy.cexl.ValueType.STRING;
import static dev.exeat.policy.cexl.ValueType.STRING_MAP;
import static dev.exeat.policy.cexl.ValueType.TIMESTAMP;
import static dev.exeat.policy.cexl.ValueType.URI;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions of CEXL, the operators among them. */
final class Functions {
    private static final @Nullable ValueType ANY = null;

    private static final Map<String, Function> ALL = Map.ofEntries(
            Map.entry("LOR", function(BOOL, Operators::or, BOOL, BOOL)),
            Map.entry("LAND", function(BOOL, Operators::and, BOOL, BOOL)),
            Map.entry("EQ", function(BOOL, Operators::equal, ANY, ANY)),
            Map.entry("NEQ", function(BOOL, Operators::notEqual, ANY, ANY)),
            Map.entry("LT", function(BOOL, site -> Operators.order(site, c -> c < 0), ANY, ANY)),
            Map.entry("LEQ", function(BOOL, site -> Operators.order(site, c -> c <= 0), ANY, ANY)),
            Map.entry("GT", function(BOOL, site -> Operators.order(site, c -> c > 0), ANY, ANY)),
            Map.entry("GEQ", function(BOOL, site -> Operators.order(site, c -> c >= 0), ANY, ANY)),
            Map.entry("OR", function(ANY, site -> new FirstPresent(site.argument(0), site.argument(1)), ANY, ANY)),
            Map.entry("ADD", function(ANY, Operators::add, ANY, ANY)),
            Map.entry(
                    "INDEX",
                    function(STRING, site -> new ElementOfMap(site.argument(0), site.argument(1)), STRING_MAP, STRING)),
            Map.entry("match", function(BOOL, Texts::match, STRING, STRING)),
            Map.entry("matches", method(BOOL, Texts::matches, STRING)),
            Map.entry("startsWith", method(BOOL, Texts::startsWith, STRING)),
            Map.entry("endsWith", method(BOOL, Texts::endsWith, STRING)),
            Map.entry("toLower", function(STRING, Texts::toLower, STRING)),
            Map.entry("size", function(INT64, Texts::size, STRING)),
            Map.entry("ip", function(IP_ADDRESS, Conversions.of(Conversions::ip), STRING)),
            Map.entry("timestamp", function(TIMESTAMP, Conversions.of(Conversions::timestamp), STRING)),
            Map.entry("dnsName", function(DNS_NAME, Conversions.of(DnsName::of), STRING)),
            Map.entry("email", function(EMAIL_ADDRESS, Conversions.of(EmailAddress::of), STRING)),
            Map.entry("uri", function(URI, Conversions.of(UriReference::of), STRING)),
            Map.entry("emptyStringMap", function(STRING_MAP, site -> bag -> Map.of())),
            Map.entry("conditional", function(ANY, Operators::conditional, BOOL, ANY, ANY)),
            Map.entry("conditionalString", function(STRING, Operators::eagerConditional, BOOL, STRING, STRING)));

    private Functions() {}

    /** The function of a name, or null where there is none. */
    static @Nullable Function named(String name) {
        return ALL.get(name);
    }

    private static Function function(
            @Nullable ValueType result, Function.Builder builder, @Nullable ValueType... parameters) {
        return new Function(false, parameters(parameters), result, builder);
    }

    private static Function method(ValueType result, Function.Builder builder, ValueType parameter) {
        return new Function(true, List.of(new Function.Parameter(parameter)), result, builder);
    }

    private static List<Function.Parameter> parameters(@Nullable ValueType... types) {
        return Arrays.stream(types).map(Function.Parameter::new).toList();
    }
}
