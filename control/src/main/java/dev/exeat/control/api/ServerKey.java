package dev.exeat.control.api;

import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidSource;
import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Offers the SVID that the source has at the time of each handshake, so that a rotation needs no restart. A handshake
 * asks for the chain and for the key one after the other: the alias ties the two to one SVID.
 */
final class ServerKey extends X509ExtendedKeyManager {
    private record Material(String alias, Svid svid, X509Certificate[] chain, PrivateKey key) {}

    private final SvidSource source;
    private @Nullable Material current;
    private @Nullable Material previous;
    private long generation;

    ServerKey(SvidSource source) {
        this.source = source;
    }

    private synchronized Material latest() {
        Svid svid = source.svid();
        Material known = current;
        if (known != null && known.svid().equals(svid)) {
            return known;
        }
        try {
            Material now = material("svid-" + generation++, svid);
            previous = known;
            current = now;
            return now;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the SVID of " + svid.id() + " cannot be used for TLS", e);
        }
    }

    private static Material material(String alias, Svid svid) throws GeneralSecurityException {
        CertificateFactory certificates = CertificateFactory.getInstance("X.509");
        List<byte[]> ders = svid.chainDer();
        X509Certificate[] chain = new X509Certificate[ders.size()];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = (X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(ders.get(i)));
        }
        PrivateKey key = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(svid.pkcs8Key()));
        return new Material(alias, svid, chain, key);
    }

    private synchronized @Nullable Material named(@Nullable String alias) {
        Material now = current;
        Material before = previous;
        if (now != null && now.alias().equals(alias)) {
            return now;
        }
        return before != null && before.alias().equals(alias) ? before : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        Material now = latest();
        return keyType.equals(now.key().getAlgorithm()) ? now.alias() : null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        Material material = named(alias);
        return material == null ? null : material.chain().clone();
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        Material material = named(alias);
        return material == null ? null : material.key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {latest().alias()};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
