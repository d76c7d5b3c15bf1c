package dev.exeat.policy.cexl;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression in the syntax of RE2, which matches in time linear in its input; its length, its nesting and
 * the size to which its counted repetitions unfold are bounded. Unanchored. Immutable and thread-safe.
 */
public final class LinearPattern {
    public static final int MAX_LENGTH = 1024;
    private static final int MAX_NESTING = 100;
    private static final int MAX_UNFOLDED = 2000;

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** @throws ExpressionException if the text is no pattern or exceeds a bound */
    public static LinearPattern compile(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(
                    "error parsing regexp: the pattern is longer than " + MAX_LENGTH + " characters");
        }
        new Size(text).check();
        try {
            return new LinearPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new ExpressionException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the pattern occurs anywhere in the text. */
    public boolean foundIn(String text) {
        return pattern.matcher(text).find();
    }

    /** Estimates, without building it, how large a pattern becomes when {@code x{n,m}} is written out. */
    private static final class Size {
        private final String text;
        private final long[] sums = new long[MAX_NESTING + 1];
        private int depth;
        private long atom;

        Size(String text) {
            this.text = text;
        }

        void check() {
            int i = 0;
            while (i < text.length()) {
                i = step(i);
            }
            add();
            if (sums[0] > MAX_UNFOLDED) {
                throw new ExpressionException(
                        "error parsing regexp: its repetitions unfold to more than " + MAX_UNFOLDED + " steps");
            }
        }

        private int step(int i) {
            switch (text.charAt(i)) {
                case '\\' -> {
                    add();
                    atom = 1;
                    if (text.startsWith("\\Q", i)) {
                        int end = text.indexOf("\\E", i);
                        sums[depth] += (end < 0 ? text.length() : end) - i;
                        return end < 0 ? text.length() : end + 2;
                    }
                    return i + 2;
                }
                case '[' -> {
                    add();
                    atom = 1;
                    return endOfClass(i);
                }
                case '(' -> {
                    add();
                    if (++depth > MAX_NESTING) {
                        throw new ExpressionException(
                                "error parsing regexp: groups are nested deeper than " + MAX_NESTING + " levels");
                    }
                    sums[depth] = 0;
                }
                case ')' -> {
                    add();
                    if (depth > 0) {
                        atom = sums[depth--];
                    }
                }
                case '{' -> atom = Math.min(atom * repetitions(i), Integer.MAX_VALUE);
                default -> {
                    add();
                    atom = 1;
                }
            }
            return i + 1;
        }

        private void add() {
            sums[depth] = Math.min(sums[depth] + atom, Integer.MAX_VALUE);
            atom = 0;
        }

        private int endOfClass(int start) {
            int i = start + 1;
            if (i < text.length() && text.charAt(i) == '^') {
                i++;
            }
            i++; // A bracket that stands first belongs to the class.
            while (i < text.length() && text.charAt(i) != ']') {
                i += text.charAt(i) == '\\' ? 2 : text.startsWith("[:", i) ? Math.max(1, posixClass(i)) : 1;
            }
            return i + 1;
        }

        private int posixClass(int start) {
            int end = text.indexOf(":]", start + 2);
            return end < 0 ? 1 : end + 2 - start;
        }

        /** The larger number within the braces; 1 where they hold none and so stand for themselves. */
        private long repetitions(int open) {
            int close = text.indexOf('}', open);
            long largest = 1;
            if (close < 0) {
                return 1;
            }
            for (String part : text.substring(open + 1, close).split(",", -1)) {
                boolean digits =
                        !part.isEmpty() && part.length() < 9 && part.chars().allMatch(c -> c >= '0' && c <= '9');
                largest = Math.max(largest, digits ? Long.parseLong(part) : 1);
            }
            return largest;
        }
    }
}
