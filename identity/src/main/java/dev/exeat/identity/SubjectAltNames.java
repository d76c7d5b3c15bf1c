package dev.exeat.identity;

import dev.exeat.identity.InvalidSvidException.Kind;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The URI names of a certificate, read from the octets of its subjectAltName (RFC 5280 section 4.2.1.6). The JDK's
 * {@code getSubjectAlternativeNames} hides names that it cannot read, which would let two names pass for one.
 */
final class SubjectAltNames {
    private static final int URI = 6;
    private static final int OTHERS_END = 8;
    private static final int NAMES_MAX = 256;

    private SubjectAltNames() {}

    /**
     * The octets of each URI name, unchecked; empty without the extension.
     *
     * @throws InvalidSvidException if the extension is malformed
     */
    static List<byte[]> uris(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(Certificates.SUBJECT_ALT_NAME);
        if (extension == null) {
            return List.of();
        }
        List<byte[]> uris = new ArrayList<>();
        int names = 0;
        try {
            DerCursor value = new DerCursor(extension);
            DerCursor list = value.enter(DerCursor.OCTET_STRING).enter(DerCursor.SEQUENCE);
            while (list.hasNext()) {
                DerCursor.Element name = list.next();
                int kind = name.contextTag();
                if (kind < 0 || kind > OTHERS_END || ++names > NAMES_MAX) {
                    throw malformed();
                }
                if (kind == URI) {
                    if (name.constructed()) {
                        throw malformed();
                    }
                    uris.add(name.value());
                }
            }
        } catch (DerCursor.MalformedDerException e) {
            throw malformed();
        }
        return uris;
    }

    private static InvalidSvidException malformed() {
        return new InvalidSvidException(Kind.BAD_CERTIFICATE, "the leaf's subjectAltName is malformed");
    }
}
