package dev.exeat.policy.cexl;

import dev.exeat.policy.cexl.Function.Site;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** The code of the functions on text. */
final class Texts {
    private Texts() {}

    static Code match(Site site) {
        Code text = site.argument(0);
        Code pattern = site.argument(1);
        return bag -> matchesGlob(text.text(bag), pattern.text(bag));
    }

    /** A star at the end is looked at first, so that {@code *a*} asks for the prefix {@code *a}. */
    private static boolean matchesGlob(String text, String pattern) {
        if (pattern.endsWith("*")) {
            return text.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        if (pattern.startsWith("*")) {
            return text.endsWith(pattern.substring(1));
        }
        return text.equals(pattern);
    }

    /** The target is the pattern. One written as a literal is compiled once, and refused at once where it is wrong. */
    static Code matches(Site site) {
        Code text = site.argument(0);
        if (site.call().target() instanceof Expression.Constant constant) {
            LinearPattern pattern = LinearPattern.compile((String) constant.value());
            return bag -> pattern.foundIn(text.text(bag));
        }
        Code target = target(site);
        return bag -> {
            String pattern = target.text(bag);
            String candidate = text.text(bag);
            try {
                return LinearPattern.compile(pattern).foundIn(candidate);
            } catch (ExpressionException e) {
                throw new EvaluationException(e.getMessage());
            }
        };
    }

    static Code startsWith(Site site) {
        Code target = target(site);
        Code prefix = site.argument(0);
        return bag -> target.text(bag).startsWith(prefix.text(bag));
    }

    static Code endsWith(Site site) {
        Code target = target(site);
        Code suffix = site.argument(0);
        return bag -> target.text(bag).endsWith(suffix.text(bag));
    }

    static Code toLower(Site site) {
        Code text = site.argument(0);
        return bag -> text.text(bag).toLowerCase(Locale.ROOT);
    }

    /** In octets, as Go counts. */
    static Code size(Site site) {
        Code text = site.argument(0);
        return bag -> (long) text.text(bag).getBytes(StandardCharsets.UTF_8).length;
    }

    private static Code target(Site site) {
        return Objects.requireNonNull(site.target(), "the type check lets no method pass without a target");
    }
}
