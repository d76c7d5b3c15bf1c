package dev.exeat.identity;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * The certificates that are revoked before their time, by serial number, or by serial number and issuer. Immutable.
 *
 * <p>As text: one certificate a line, its serial number in hexadecimal (colons as openssl prints them are allowed),
 * then, if only one issuer's certificate is meant, a space and the issuer's name as RFC 2253 writes it; {@code #} begins
 * a comment.
 */
public final class Revocations {
    /** Nothing is revoked. */
    public static final Revocations NONE = new Revocations(Map.of());

    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

    /** By serial number the issuers meant; empty stands for any issuer. */
    private final Map<BigInteger, Set<Optional<X500Principal>>> revoked;

    private Revocations(Map<BigInteger, Set<Optional<X500Principal>>> revoked) {
        this.revoked = revoked;
    }

    /** @throws IllegalArgumentException if a line is neither; the message names the line's number */
    public static Revocations parse(String text) {
        Map<BigInteger, Set<Optional<X500Principal>>> revoked = new HashMap<>();
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            int comment = raw.indexOf('#');
            String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            if (line.isEmpty()) {
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            Optional<X500Principal> issuer =
                    parts.length == 1 ? Optional.empty() : Optional.of(issuer(parts[1], number));
            revoked.computeIfAbsent(serial(parts[0], number), s -> new HashSet<>())
                    .add(issuer);
        }
        return revoked.isEmpty() ? NONE : new Revocations(Map.copyOf(revoked));
    }

    private static BigInteger serial(String text, int number) {
        String digits = text.replace(":", "").toLowerCase(Locale.ROOT);
        if (digits.startsWith("0x")) {
            digits = digits.substring(2);
        }
        if (!SERIAL.matcher(digits).matches()) {
            throw new IllegalArgumentException(
                    "line " + number + " does not begin with a serial number in hexadecimal (at most 40 digits)");
        }
        return new BigInteger(digits, 16);
    }

    private static X500Principal issuer(String text, int number) {
        try {
            return new X500Principal(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "line " + number + " has text after the serial number that is no issuer's name", e);
        }
    }

    public boolean revokes(X509Certificate certificate) {
        Set<Optional<X500Principal>> issuers = revoked.get(certificate.getSerialNumber());
        return issuers != null
                && (issuers.contains(Optional.<X500Principal>empty())
                        || issuers.contains(Optional.of(certificate.getIssuerX500Principal())));
    }

    /** How many serial numbers are listed. */
    public int size() {
        return revoked.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Revocations that && revoked.equals(that.revoked);
    }

    @Override
    public int hashCode() {
        return revoked.hashCode();
    }

    @Override
    public String toString() {
        return "Revocations[" + size() + "]";
    }
}
