package dev.exeat.bench.load;

import dev.exeat.net.PeerVerdict;
import dev.exeat.net.TlsContext;
import dev.exeat.net.TlsIdentity;
import dev.exeat.net.TlsOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The client's certificate, for the two TLS libraries that play clients.
 *
 * @param chain PEM
 * @param key PKCS#8 as PEM
 * @param roots PEM
 */
public record Credentials(Path chain, Path key, Path roots) {

    /**
     * For streams on event loops. It takes whatever certificate the server has: that costs the client alone.
     *
     * @param alpn what is offered, or nothing
     */
    TlsContext boringSsl(String... alpn) {
        try {
            List<byte[]> der = new ArrayList<>();
            for (Certificate certificate : certificates(chain)) {
                der.add(certificate.getEncoded());
            }
            return TlsContext.client(
                    new TlsIdentity(der, keyOctets()), _ -> PeerVerdict.OK, new TlsOptions(List.of(alpn)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the client's certificate can't be used: " + chain, e);
        }
    }

    /** For blocking sockets, with a cache of sessions of its own. */
    SSLContext platform() {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, new char[0]);
            own.setKeyEntry(
                    "client",
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(keyOctets())),
                    new char[0],
                    certificates(chain).toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(own, new char[0]);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, new char[0]);
            for (Certificate root : certificates(roots)) {
                trusted.setCertificateEntry("root" + trusted.size(), root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the client's certificate can't be used: " + chain, e);
        }
    }

    private static List<Certificate> certificates(Path file) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] keyOctets() {
        try {
            String base64 = Files.readString(key).replaceAll("-----[A-Z ]+-----", "");
            return Base64.getMimeDecoder().decode(base64);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
