package dev.exeat.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The outer TLS session of a {@link HostileClient}.
 *
 * @param certificate the client's chain as PEM, sent whatever the server asks for, or null for none
 * @param key its key as PKCS #8 PEM
 * @param bundle the roots that the server's certificate must come from; its names are not checked
 * @param sni the outer server name, or "" for none
 * @param alpn offered protocols, or none
 * @param versions as the JDK names them, such as {@code TLSv1.3}
 */
public record OuterTls(
        @Nullable Path certificate,
        @Nullable Path key,
        Path bundle,
        String sni,
        List<String> alpn,
        List<String> versions) {
    /** With an identity, no outer name, no protocol, TLS 1.3 or 1.2. */
    public static OuterTls as(SvidMint.Svid svid, Path bundle) {
        return new OuterTls(svid.certificate(), svid.key(), bundle, "", List.of(), List.of("TLSv1.3", "TLSv1.2"));
    }

    /** Without a certificate. */
    public static OuterTls anonymous(Path bundle) {
        return new OuterTls(null, null, bundle, "", List.of(), List.of("TLSv1.3", "TLSv1.2"));
    }

    public OuterTls naming(String outerSni) {
        return new OuterTls(certificate, key, bundle, outerSni, alpn, versions);
    }

    public OuterTls offering(String... protocols) {
        return new OuterTls(certificate, key, bundle, sni, List.of(protocols), versions);
    }

    public OuterTls speaking(String... protocolVersions) {
        return new OuterTls(certificate, key, bundle, sni, alpn, List.of(protocolVersions));
    }

    public SSLSocket wrap(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket) context()
                .getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(sni.isEmpty() ? List.of() : List.of(new SNIHostName(sni)));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        parameters.setProtocols(versions.toArray(String[]::new));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private SSLContext context() {
        try {
            KeyStore roots = KeyStore.getInstance("PKCS12");
            roots.load(null, new char[0]);
            for (X509Certificate root : certificates(bundle)) {
                roots.setCertificateEntry(root.getSerialNumber().toString(), root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(roots);
            KeyManager[] keys = certificate == null || key == null
                    ? new KeyManager[0]
                    : new KeyManager[] {new Insistent(certificates(certificate), privateKey(key))};
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make the client's TLS context", e);
        }
    }

    private static List<X509Certificate> certificates(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot read " + pem, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKey privateKey(Path pem) throws IOException, GeneralSecurityException {
        String base64 = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "");
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        try {
            return KeyFactory.getInstance("EC").generatePrivate(spec);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("RSA").generatePrivate(spec);
        }
    }

    /** Always presents its one certificate; the JDK's own manager keeps back what the server would not like. */
    private static final class Insistent extends X509ExtendedKeyManager {
        private static final String ALIAS = "client";

        private final X509Certificate[] chain;
        private final PrivateKey key;

        Insistent(List<X509Certificate> chain, PrivateKey key) {
            this.chain = chain.toArray(X509Certificate[]::new);
            this.key = key;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return List.of(keyTypes).contains(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseEngineClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseClientAlias(keyTypes, issuers, null);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
