package dev.exeat.policy.cexl;

import dev.exeat.model.IpAddress;
import dev.exeat.policy.cexl.Function.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntPredicate;

/** The code of the operators. */
final class Operators {
    private Operators() {}

    static Code or(Site site) {
        Code left = site.argument(0);
        Code right = site.argument(1);
        return bag -> left.holds(bag) || right.holds(bag);
    }

    static Code and(Site site) {
        Code left = site.argument(0);
        Code right = site.argument(1);
        return bag -> left.holds(bag) && right.holds(bag);
    }

    static Code equal(Site site) {
        Code left = site.argument(0);
        Code right = site.argument(1);
        return switch (site.untyped()) {
            case STRING_MAP -> throw notImplemented("equality", site);
            case IP_ADDRESS -> bag -> canonical(left.value(bag)).equals(canonical(right.value(bag)));
            case DOUBLE -> bag -> (double) left.value(bag) == (double) right.value(bag);
            default -> bag -> left.value(bag).equals(right.value(bag));
        };
    }

    static Code notEqual(Site site) {
        Code equal = equal(site);
        return bag -> !equal.holds(bag);
    }

    static Code order(Site site, IntPredicate wanted) {
        Code left = site.argument(0);
        Code right = site.argument(1);
        return switch (site.untyped()) {
            case STRING -> bag -> wanted.test(compareOctets(left.text(bag), right.text(bag)));
            case INT64 -> bag -> wanted.test(Long.compare((Long) left.value(bag), (Long) right.value(bag)));
            case DOUBLE -> bag -> wanted.test(Double.compare((Double) left.value(bag), (Double) right.value(bag)));
            case DURATION -> bag -> wanted.test(((Duration) left.value(bag)).compareTo((Duration) right.value(bag)));
            case TIMESTAMP -> bag -> wanted.test(((Instant) left.value(bag)).compareTo((Instant) right.value(bag)));
            default -> throw notImplemented("order", site);
        };
    }

    static Code add(Site site) {
        Code left = site.argument(0);
        Code right = site.argument(1);
        return switch (site.untyped()) {
            case STRING -> bag -> left.text(bag) + right.text(bag);
            case INT64 -> bag -> (Long) left.value(bag) + (Long) right.value(bag);
            case DOUBLE -> bag -> (Double) left.value(bag) + (Double) right.value(bag);
            default -> throw notImplemented("addition", site);
        };
    }

    static Code conditional(Site site) {
        Code condition = site.argument(0);
        Code positive = site.argument(1);
        Code negative = site.argument(2);
        return bag -> condition.holds(bag) ? positive.value(bag) : negative.value(bag);
    }

    static Code eagerConditional(Site site) {
        Code condition = site.argument(0);
        Code positive = site.argument(1);
        Code negative = site.argument(2);
        return bag -> {
            boolean chosen = condition.holds(bag);
            String first = positive.text(bag);
            String second = negative.text(bag);
            return chosen ? first : second;
        };
    }

    private static ExpressionException notImplemented(String what, Site site) {
        return new ExpressionException(what + " for type not yet implemented: " + site.untyped());
    }

    private static IpAddress canonical(Object value) {
        return Addresses.unmapped((IpAddress) value);
    }

    /** The order of the UTF-8 octets, which is that of the code points. */
    private static int compareOctets(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
                return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}
