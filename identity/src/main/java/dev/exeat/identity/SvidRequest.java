package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import dev.exeat.model.InvalidNameException;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One exchange of {@code POST /v1/svid}: a new key, the request that proves it, and the check of what comes back. */
final class SvidRequest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final KeyPair keys = KeyFile.newKeyPair();
    private final InstantSource clock;

    SvidRequest(InstantSource clock) {
        this.clock = clock;
    }

    /** The body to send. */
    String json() {
        return JSON.writeValueAsString(Map.of("csr", Pem.encode(Pem.CERTIFICATE_REQUEST, csr())));
    }

    private byte[] csr() {
        try {
            return new JcaPKCS10CertificationRequestBuilder(new X500Name("O=Exeat"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a certificate signing request", e);
        }
    }

    /**
     * What the body of the answer gives: a certificate for the very key of this request that the bundle beside it
     * vouches for.
     *
     * @throws SvidUnavailableException if it gives anything else
     */
    Content read(String body) {
        try {
            JsonNode answer = JSON.readTree(body);
            String trustDomain = text(answer, "trust_domain");
            List<byte[]> chain = Pem.decode(Pem.CERTIFICATE, text(answer, "svid"));
            TrustBundle bundle = TrustBundle.fromPem(trustDomain, text(answer, "bundle"));
            VerifiedSvid verified =
                    new SvidValidator(() -> bundle, () -> Revocations.NONE, clock).verify(chain, PeerRole.CLIENT);
            X509Certificate leaf = Certificates.parse(chain.getFirst());
            if (!leaf.getPublicKey().equals(keys.getPublic())) {
                throw broken("the certificate is for another key", null);
            }
            Svid svid = new Svid(
                    verified.id(),
                    chain,
                    keys.getPrivate().getEncoded(),
                    leaf.getNotBefore().toInstant(),
                    verified.notAfter());
            return new Content(svid, bundle, Revocations.NONE);
        } catch (JacksonException | IllegalArgumentException | InvalidNameException e) {
            throw broken("it is not the JSON of an Exeat API", e);
        } catch (InvalidSvidException | InvalidBundleException | CertificateException e) {
            throw broken(String.valueOf(e.getMessage()), e);
        }
    }

    private static String text(JsonNode answer, String field) {
        JsonNode value = answer.path(field);
        if (!value.isString()) {
            throw new IllegalArgumentException("no text in the field " + field);
        }
        return value.stringValue();
    }

    private static SvidUnavailableException broken(String why, @Nullable Throwable cause) {
        return new SvidUnavailableException("the server's answer is of no use: " + why, true, cause);
    }
}
