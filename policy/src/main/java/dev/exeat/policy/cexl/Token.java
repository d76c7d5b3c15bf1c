package dev.exeat.policy.cexl;

/**
 * A token of a Go expression.
 *
 * @param text as written
 * @param offset of its first character, from 0
 */
record Token(Kind kind, String text, int offset) {
    enum Kind {
        IDENTIFIER,
        INTEGER,
        FLOAT,
        IMAGINARY,
        CHARACTER,
        STRING,
        OPERATOR,
        /** The end after something that may end a Go statement. */
        NEWLINE,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** As Go's parser names what it found. */
    String found() {
        return switch (kind) {
            case NEWLINE -> "newline";
            case END -> "'EOF'";
            case OPERATOR -> "'" + text + "'";
            default -> text;
        };
    }
}
