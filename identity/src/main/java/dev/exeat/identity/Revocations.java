package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * What is revoked before its time: certificates, by serial number or by serial number and issuer, and identities with
 * all their certificates. Immutable.
 *
 * <p>As text: one a line. An identity is its SPIFFE ID. A certificate is its serial number in hexadecimal (colons as
 * openssl prints them are allowed), then, if only one issuer's is meant, a space and the issuer's name as RFC 2253
 * writes it. {@code #} begins a comment.
 */
public final class Revocations {
    /** Nothing is revoked. */
    public static final Revocations NONE = new Revocations(Map.of(), Set.of());

    private static final Pattern SERIAL = Pattern.compile("[0-9a-f]{1,40}");

    /** By serial number the issuers meant; empty stands for any issuer. */
    private final Map<BigInteger, Set<Optional<X500Principal>>> revoked;

    private final Set<SpiffeId> identities;

    private Revocations(Map<BigInteger, Set<Optional<X500Principal>>> revoked, Set<SpiffeId> identities) {
        this.revoked = revoked;
        this.identities = identities;
    }

    /** @throws IllegalArgumentException if a line is neither; the message names the line's number */
    public static Revocations parse(String text) {
        Map<BigInteger, Set<Optional<X500Principal>>> revoked = new HashMap<>();
        Set<SpiffeId> identities = new HashSet<>();
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            int comment = raw.indexOf('#');
            String line = (comment < 0 ? raw : raw.substring(0, comment)).strip();
            if (line.isEmpty()) {
                continue;
            }
            if (line.startsWith("spiffe:")) {
                identities.add(identity(line, number));
                continue;
            }
            String[] parts = line.split("\\s+", 2);
            Optional<X500Principal> issuer =
                    parts.length == 1 ? Optional.empty() : Optional.of(issuer(parts[1], number));
            revoked.computeIfAbsent(serial(parts[0], number), s -> new HashSet<>())
                    .add(issuer);
        }
        return revoked.isEmpty() && identities.isEmpty()
                ? NONE
                : new Revocations(Map.copyOf(revoked), Set.copyOf(identities));
    }

    private static SpiffeId identity(String text, int number) {
        try {
            return SpiffeId.parse(text);
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException("line " + number + " is no SPIFFE ID: " + e.getMessage(), e);
        }
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

    /** In the form that {@link #parse} reads, in an order of its own that stays the same. */
    public String toText() {
        Set<String> lines = new TreeSet<>();
        identities.forEach(identity -> lines.add(identity.toString()));
        revoked.forEach((serial, issuers) -> issuers.forEach(issuer -> lines.add(serial.toString(16)
                + issuer.map(name -> " " + name.getName(X500Principal.RFC2253)).orElse(""))));
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    public boolean revokes(X509Certificate certificate) {
        Set<Optional<X500Principal>> issuers = revoked.get(certificate.getSerialNumber());
        return issuers != null
                && (issuers.contains(Optional.<X500Principal>empty())
                        || issuers.contains(Optional.of(certificate.getIssuerX500Principal())));
    }

    public boolean revokes(SpiffeId identity) {
        return identities.contains(identity);
    }

    /** How many serial numbers and identities are listed. */
    public int size() {
        return revoked.size() + identities.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Revocations that && revoked.equals(that.revoked) && identities.equals(that.identities);
    }

    @Override
    public int hashCode() {
        return 31 * revoked.hashCode() + identities.hashCode();
    }

    @Override
    public String toString() {
        return "Revocations[" + size() + "]";
    }
}
