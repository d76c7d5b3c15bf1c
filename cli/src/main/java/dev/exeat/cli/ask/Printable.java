package dev.exeat.cli.ask;

/** Text that comes from anyone, made safe for a terminal: nothing in it steers, hides or reorders what is shown. */
public final class Printable {
    private static final char REPLACEMENT = '\ufffd';

    private Printable() {}

    public static String of(CharSequence text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> safe.appendCodePoint(steers(c) ? REPLACEMENT : c));
        return safe.toString();
    }

    private static boolean steers(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
