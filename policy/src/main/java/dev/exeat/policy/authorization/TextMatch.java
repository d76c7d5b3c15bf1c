package dev.exeat.policy.authorization;

import java.util.Locale;

/**
 * How AuthorizationPolicy compares texts: {@code *} for any text that is not empty, {@code text*} for a beginning,
 * {@code *text} for an end, everything else for itself.
 */
sealed interface TextMatch {
    boolean matches(String value);

    record Present() implements TextMatch {
        @Override
        public boolean matches(String value) {
            return !value.isEmpty();
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    record Exact(String text) implements TextMatch {
        @Override
        public boolean matches(String value) {
            return value.equals(text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    record Prefix(String text) implements TextMatch {
        @Override
        public boolean matches(String value) {
            return value.startsWith(text);
        }

        @Override
        public String toString() {
            return text + "*";
        }
    }

    record Suffix(String text) implements TextMatch {
        @Override
        public boolean matches(String value) {
            return value.endsWith(text);
        }

        @Override
        public String toString() {
            return "*" + text;
        }
    }

    static TextMatch parse(String text) {
        if (text.equals("*")) {
            return new Present();
        }
        if (text.startsWith("*")) {
            return new Suffix(text.substring(1));
        }
        return text.endsWith("*") ? new Prefix(text.substring(0, text.length() - 1)) : new Exact(text);
    }

    /** For values that are compared without regard to case: names of hosts. */
    static TextMatch parseIgnoringCase(String text) {
        return parse(text.toLowerCase(Locale.ROOT));
    }
}
