package dev.exeat.policy.cexl;

import java.net.IDN;
import java.util.Locale;

/** A DNS name as text; two are equal when their lower-case A-labels are, with or without one trailing dot. */
public final class DnsName {
    private final String text;
    private final String canonical;

    private DnsName(String text, String canonical) {
        this.text = text;
        this.canonical = canonical;
    }

    /** @throws EvaluationException if the text is no DNS name */
    static DnsName of(String text) {
        return new DnsName(text, canonical(text, "error converting '" + text + "' to dns name: "));
    }

    /** @param problem how the message of an error begins */
    static String canonical(String text, String problem) {
        if (text.isEmpty()) {
            throw new EvaluationException(problem + "'the name is empty'");
        }
        String ascii;
        try {
            ascii = IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(problem + "'" + e.getMessage() + "'");
        }
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.isEmpty() || name.length() > 253 || name.startsWith(".") || name.contains("..")) {
            throw new EvaluationException(problem + "'the name is longer than 253 octets or has an empty label'");
        }
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsName that && canonical.equals(that.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
