package dev.exeat.identity;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/** Reads certificates from DER, and only from DER that is exactly one certificate. */
final class Certificates {
    static final String SUBJECT_ALT_NAME = "2.5.29.17";
    static final String KEY_USAGE = "2.5.29.15";
    private static final int EXTENSIONS = 3;
    static final int KEY_USAGE_DIGITAL_SIGNATURE = 0;
    static final int KEY_USAGE_CERT_SIGN = 5;
    static final int KEY_USAGE_CRL_SIGN = 6;

    private Certificates() {}

    /** @throws CertificateException if the octets are anything but one certificate */
    static X509Certificate parse(byte[] der) throws CertificateException {
        checkSignatureIsOctets(der);
        checkExtensions(der);
        try {
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            // The JDK's factory would also take PEM, and ignore octets after the certificate.
            if (!Arrays.equals(certificate.getEncoded(), der)) {
                throw new CertificateException("octets after the certificate");
            }
            return certificate;
        } catch (RuntimeException e) {
            // Hostile octets must end in a refusal, whatever a parser makes of them.
            throw new CertificateException("malformed", e);
        }
    }

    /** The JDK takes a signature that says some of its bits are unused, and so one certificate in several encodings. */
    private static void checkSignatureIsOctets(byte[] der) throws CertificateException {
        try {
            DerCursor parts = new DerCursor(der).enter(DerCursor.SEQUENCE);
            parts.next();
            parts.next();
            DerCursor.Element signature = parts.next();
            byte[] value = signature.value();
            if (signature.tag() != DerCursor.BIT_STRING || value.length == 0 || value[0] != 0 || parts.hasNext()) {
                throw new CertificateException("no signature of whole octets");
            }
        } catch (DerCursor.MalformedDerException e) {
            throw new CertificateException("not DER", e);
        }
    }

    /** The JDK ignores what stands behind an extension's value, and so reads what no other parser reads. */
    private static void checkExtensions(byte[] der) throws CertificateException {
        try {
            DerCursor content =
                    new DerCursor(der).enter(DerCursor.SEQUENCE).next().content();
            while (content.hasNext()) {
                DerCursor.Element part = content.next();
                if (part.contextTag() == EXTENSIONS && part.constructed()) {
                    DerCursor extensions = part.content().enter(DerCursor.SEQUENCE);
                    while (extensions.hasNext()) {
                        checkExtension(extensions.next().content());
                    }
                }
            }
        } catch (DerCursor.MalformedDerException e) {
            throw new CertificateException("not DER", e);
        }
    }

    /** RFC 5280 section 4.1: an OBJECT IDENTIFIER, perhaps a BOOLEAN, and an OCTET STRING. */
    private static void checkExtension(DerCursor parts) throws CertificateException, DerCursor.MalformedDerException {
        parts.next();
        DerCursor.Element value = parts.next();
        if (value.tag() == DerCursor.BOOLEAN) {
            value = parts.next();
        }
        if (value.tag() != DerCursor.OCTET_STRING || parts.hasNext()) {
            throw new CertificateException("an extension has other parts than a name and a value");
        }
    }

    static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }

    static List<byte[]> encoded(List<X509Certificate> chain) {
        return chain.stream().map(Certificates::encoded).toList();
    }

    static boolean maySignCertificates(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return certificate.getBasicConstraints() >= 0 && usage != null && usage[KEY_USAGE_CERT_SIGN];
    }
}
