package dev.exeat.policy.cexl;

/**
 * An address of RFC 5322 section 3.4.1 without a display name; the local part is compared exactly, the domain as a
 * DNS name.
 */
public final class EmailAddress {
    private static final String ATOM_SPECIALS = "!#$%&'*+/=?^_`{|}~-.";

    private final String text;
    private final String local;
    private final DnsName domain;

    private EmailAddress(String text, String local, DnsName domain) {
        this.text = text;
        this.local = local;
        this.domain = domain;
    }

    /** @throws EvaluationException if the text is no bare address */
    static EmailAddress of(String text) {
        int at = text.lastIndexOf('@');
        String local = at < 0 ? "" : text.substring(0, at);
        if (!isDotAtom(local) && !isQuoted(local)) {
            throw new EvaluationException(
                    "error converting '" + text + "' to e-mail: 'the text is not of the form local@domain'");
        }
        try {
            return new EmailAddress(text, local, DnsName.of(text.substring(at + 1)));
        } catch (EvaluationException e) {
            throw new EvaluationException("error converting '" + text + "' to e-mail: '" + e.getMessage() + "'");
        }
    }

    private static boolean isDotAtom(String local) {
        return !local.isEmpty()
                && !local.startsWith(".")
                && !local.endsWith(".")
                && !local.contains("..")
                && local.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || ATOM_SPECIALS.indexOf(c) >= 0);
    }

    private static boolean isQuoted(String local) {
        return local.length() > 2
                && local.startsWith("\"")
                && local.endsWith("\"")
                && local.substring(1, local.length() - 1).chars().noneMatch(c -> c == '"' || c == '\\' || c < ' ');
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmailAddress that && local.equals(that.local) && domain.equals(that.domain);
    }

    @Override
    public int hashCode() {
        return 31 * local.hashCode() + domain.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
