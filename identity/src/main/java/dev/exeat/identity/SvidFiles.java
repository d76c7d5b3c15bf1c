package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/**
 * An SVID as files in one directory: {@code svid.pem} (the leaf, then intermediates), {@code key.pem},
 * {@code bundle.pem} (the roots of the leaf's trust domain) and, if there is one, {@code revoked.txt}.
 */
public final class SvidFiles {
    static final String SVID = "svid.pem";
    static final String KEY = "key.pem";
    static final String BUNDLE = "bundle.pem";
    static final String REVOKED = "revoked.txt";

    private SvidFiles() {}

    /**
     * Writes the first three, each atomically, the key with mode 0600; makes the directory if it is not there.
     *
     * @throws IdentityStoreException if a file cannot be written
     */
    public static void write(Path directory, Svid svid, TrustBundle bundle) {
        SecretFiles.prepareDirectory(directory);
        // The key first: a reader that sees the new certificate then finds its key.
        SecretFiles.replace(
                directory.resolve(KEY), ascii(Pem.encode(Pem.PRIVATE_KEY, svid.pkcs8Key())), SecretFiles.OWNER_ONLY);
        SecretFiles.replace(
                directory.resolve(SVID), ascii(Pem.encodeAll(Pem.CERTIFICATE, svid.chainDer())), SecretFiles.READABLE);
        writeBundle(directory.resolve(BUNDLE), bundle, svid.id().trustDomain());
    }

    /**
     * Writes the roots of a trust domain as PEM, atomically.
     *
     * @throws IdentityStoreException if the file cannot be written
     */
    public static void writeBundle(Path file, TrustBundle bundle, String trustDomain) {
        SecretFiles.replace(file, ascii(bundle.toPem(trustDomain)), SecretFiles.READABLE);
    }

    /** @throws SvidUnavailableException if the files are not there, broken, or do not belong together */
    static Content read(Path directory, KeyMatch match) {
        try {
            List<X509Certificate> chain = chain(directory.resolve(SVID));
            X509Certificate leaf = chain.getFirst();
            SpiffeId id = LeafRules.check(leaf, PeerRole.CLIENT);
            byte[] key = key(directory.resolve(KEY), leaf, match);
            Svid svid = new Svid(
                    id,
                    Certificates.encoded(chain),
                    key,
                    leaf.getNotBefore().toInstant(),
                    leaf.getNotAfter().toInstant());
            TrustBundle bundle = TrustBundle.fromPem(id.trustDomain(), text(directory.resolve(BUNDLE)));
            return new Content(svid, bundle, RevocationFile.read(directory.resolve(REVOKED)));
        } catch (InvalidSvidException | InvalidBundleException | IdentityStoreException e) {
            throw new SvidUnavailableException(
                    "the SVID in " + directory + " cannot be used: " + e.getMessage(), true, e);
        }
    }

    private static List<X509Certificate> chain(Path file) {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (byte[] der : Pem.decode(Pem.CERTIFICATE, text(file))) {
                chain.add(Certificates.parse(der));
            }
        } catch (IllegalArgumentException | CertificateException e) {
            throw new IdentityStoreException(file + " holds a malformed certificate", e);
        }
        if (chain.isEmpty() || chain.size() > SvidValidator.MAX_CHAIN) {
            throw new IdentityStoreException(
                    file + " holds " + chain.size() + " certificates; it must hold 1 to " + SvidValidator.MAX_CHAIN);
        }
        return chain;
    }

    private static byte[] key(Path file, X509Certificate leaf, KeyMatch match) {
        byte[] pem = SecretFiles.readSecret(file);
        byte[] pkcs8 = pkcs8(file, new String(pem, StandardCharsets.ISO_8859_1));
        if (!match.belongTogether(leaf, pkcs8)) {
            throw new IdentityStoreException("the key " + file + " does not belong to the certificate " + SVID);
        }
        return pkcs8;
    }

    /** Takes PKCS#8 and the older forms of openssl, which Istio and cert-manager write too. */
    private static byte[] pkcs8(Path file, String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                if (object instanceof PrivateKeyInfo info) {
                    return info.getEncoded();
                }
                if (object instanceof PEMKeyPair pair) {
                    return pair.getPrivateKeyInfo().getEncoded();
                }
            }
        } catch (IOException | RuntimeException e) {
            // Told below, without the cause, whose text might show octets of the key.
        }
        throw new IdentityStoreException(file + " holds no private key in PEM without a password");
    }

    private static String text(Path file) {
        return new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1);
    }

    static List<Path> files(Path directory) {
        return List.of(SVID, KEY, BUNDLE, REVOKED).stream()
                .map(directory::resolve)
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
