package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** The authority's root in its two files, made on the first start, then never changed. */
final class AuthorityRoot {
    private static final String KEY = "ca-key.pem";
    private static final String CERTIFICATE = "ca-cert.pem";

    private AuthorityRoot() {}

    /** @throws IdentityStoreException if the files are open to others, broken, or of another trust domain */
    static CertificateIssuer openOrCreate(Path directory, String trustDomain, Instant now) {
        Path keyFile = directory.resolve(KEY);
        Path certificateFile = directory.resolve(CERTIFICATE);
        if (Files.exists(certificateFile) && !Files.exists(keyFile)) {
            throw new IdentityStoreException(certificateFile + " is there, but its key " + keyFile
                    + " is not; restore the key, or remove the certificate too to begin with a new authority");
        }
        KeyPair keys = KeyFile.openOrCreate(keyFile);
        if (!Files.exists(certificateFile)) {
            X509Certificate root = CertificateIssuer.selfSigned(keys, trustDomain, now);
            byte[] pem = Pem.encode(Pem.CERTIFICATE, Certificates.encoded(root)).getBytes(StandardCharsets.US_ASCII);
            SecretFiles.createIfAbsent(certificateFile, pem, SecretFiles.READABLE);
        }
        X509Certificate certificate = read(certificateFile);
        check(certificate, certificateFile, trustDomain, now);
        if (!certificate.getPublicKey().equals(keys.getPublic())) {
            throw new IdentityStoreException("the key " + keyFile + " does not belong to the certificate "
                    + certificateFile + "; restore the pair from one copy");
        }
        return new CertificateIssuer(keys, certificate);
    }

    private static X509Certificate read(Path file) {
        try {
            List<byte[]> ders =
                    Pem.decode(Pem.CERTIFICATE, new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1));
            if (ders.size() == 1) {
                return Certificates.parse(ders.getFirst());
            }
        } catch (IllegalArgumentException | CertificateException e) {
            throw new IdentityStoreException(file + " is no certificate; restore it from a copy", e);
        }
        throw new IdentityStoreException(file + " must hold one certificate; restore it from a copy");
    }

    private static void check(X509Certificate certificate, Path file, String trustDomain, Instant now) {
        if (!Certificates.maySignCertificates(certificate)) {
            throw new IdentityStoreException(file + " is no authority's certificate; restore it from a copy");
        }
        List<byte[]> uris = SubjectAltNames.uris(certificate);
        byte[] wanted = (SpiffeId.SCHEME + trustDomain).getBytes(StandardCharsets.US_ASCII);
        if (uris.size() != 1 || !Arrays.equals(uris.getFirst(), wanted)) {
            throw new IdentityStoreException(file + " is not of the trust domain " + trustDomain
                    + "; start with the trust domain it is of, or with another data directory");
        }
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new IdentityStoreException(
                    file + " expired on " + certificate.getNotAfter().toInstant()
                            + "; move the data directory away to begin with a new authority");
        }
    }
}
