package dev.exeat.policy.cexl;

import java.util.List;

/** Cuts text into the tokens of the Go language specification, as far as expressions need them. */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "...", "<<", ">>", "&^", "&&", "||", "<-", "==", "!=", "<=", ">=", ":=", "+", "-", "*", "/", "%", "&", "|",
            "^", "<", ">", "!", "=", "(", ")", "[", "]", "{", "}", ",", ".", ":", ";");

    private final String source;
    private int position;
    private boolean mayEnd;

    Lexer(String source) {
        this.source = source;
    }

    Token next() {
        skipBlanks();
        int start = position;
        if (position >= source.length()) {
            return new Token(mayEnd ? Token.Kind.NEWLINE : Token.Kind.END, "", start);
        }
        int c = source.codePointAt(position);
        Token token;
        if (isLetter(c)) {
            token = identifier();
        } else if (isDigit(c) || (c == '.' && position + 1 < source.length() && isDigit(source.charAt(position + 1)))) {
            token = number();
        } else if (c == '"' || c == '`' || c == '\'') {
            token = quoted((char) c);
        } else {
            token = operator(c);
        }
        mayEnd = token.kind() != Token.Kind.OPERATOR || token.is(")") || token.is("]") || token.is("}");
        return token;
    }

    private void skipBlanks() {
        while (position < source.length()) {
            char c = source.charAt(position);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                position++;
            } else if (source.startsWith("//", position)) {
                int end = source.indexOf('\n', position);
                position = end < 0 ? source.length() : end;
            } else if (source.startsWith("/*", position)) {
                int end = source.indexOf("*/", position + 2);
                if (end < 0) {
                    throw error(position, "comment not terminated");
                }
                position = end + 2;
            } else {
                return;
            }
        }
    }

    private Token identifier() {
        int start = position;
        while (position < source.length()) {
            int c = source.codePointAt(position);
            if (!isLetter(c) && !Character.isDigit(c)) {
                break;
            }
            position += Character.charCount(c);
        }
        return new Token(Token.Kind.IDENTIFIER, source.substring(start, position), start);
    }

    private Token number() {
        int start = position;
        Token.Kind kind = Token.Kind.INTEGER;
        boolean prefixed = source.charAt(position) == '0'
                && position + 1 < source.length()
                && "xXbBoO".indexOf(source.charAt(position + 1)) >= 0;
        while (position < source.length()) {
            char c = source.charAt(position);
            boolean sign = (c == '+' || c == '-') && !prefixed && isExponent(source.charAt(position - 1));
            if (c == '.' || (!prefixed && isExponent(c))) {
                kind = Token.Kind.FLOAT;
            } else if (!isDigit(c) && !sign && c != '_' && !(prefixed && isAsciiLetter(c))) {
                break;
            }
            position++;
        }
        if (position < source.length() && source.charAt(position) == 'i') {
            position++;
            kind = Token.Kind.IMAGINARY;
        }
        return new Token(kind, source.substring(start, position), start);
    }

    private Token quoted(char quote) {
        int start = position++;
        while (true) {
            if (position >= source.length() || (source.charAt(position) == '\n' && quote != '`')) {
                throw error(start, quote == '\'' ? "rune literal not terminated" : "string literal not terminated");
            }
            char c = source.charAt(position++);
            if (c == quote) {
                break;
            }
            if (c == '\\' && quote != '`') {
                position++;
            }
        }
        Token.Kind kind = quote == '\'' ? Token.Kind.CHARACTER : Token.Kind.STRING;
        return new Token(kind, source.substring(start, position), start);
    }

    private Token operator(int c) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                position += operator.length();
                return new Token(Token.Kind.OPERATOR, operator, position - operator.length());
            }
        }
        throw error(position, String.format("illegal character U+%04X", c) + " '" + Character.toString(c) + "'");
    }

    /** An error at a place, with line and column from 1 as Go writes them. */
    ExpressionException error(int offset, String message) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < offset && i < source.length(); i++) {
            if (source.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new ExpressionException("unable to parse expression '" + source + "': " + line + ":"
                + (offset - lineStart + 1) + ": " + message);
    }

    private static boolean isLetter(int c) {
        return c == '_' || Character.isLetter(c);
    }

    private static boolean isAsciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isExponent(char c) {
        return c == 'e' || c == 'E';
    }
}
