package dev.exeat.it.faults;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the authority of {@code exeat up} for certificates, as any client of its API may. Thread-safe. */
final class Enrolment implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final char[] NO_PASSWORD = {};

    private final URI svid;
    private final KeyStore roots;
    private final HttpClient client;

    /** What the authority handed out, with its key. */
    record Identity(X509Certificate certificate, KeyPair keys, String svidPem, String bundlePem) {
        BigInteger serial() {
            return certificate.getSerialNumber();
        }

        String keyPem() {
            return "-----BEGIN PRIVATE KEY-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(keys.getPrivate().getEncoded())
                    + "\n-----END PRIVATE KEY-----\n";
        }
    }

    /** Any answer but 200. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        RefusedException(int status, String body) {
            super("status " + status + ": " + body);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    Enrolment(String api, Path bundle) throws IOException, GeneralSecurityException {
        this.svid = URI.create("https://" + api + "/v1/svid");
        this.roots = keyStore();
        roots.setCertificateEntry("root", parse(Files.readString(bundle)));
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust().getTrustManagers(), null);
        this.client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).sslContext(tls).build();
    }

    /** @throws RefusedException if the authority answers anything else */
    Identity fetch(String token) throws IOException, InterruptedException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        HttpRequest request = HttpRequest.newBuilder(svid)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of("csr", csr(keys)))))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new RefusedException(answer.statusCode(), answer.body());
        }
        JsonNode body = JSON.readTree(answer.body());
        String pem = body.path("svid").asString();
        return new Identity(parse(pem), keys, pem, body.path("bundle").asString());
    }

    /** For clients that show this identity, and trust the authority alone. */
    SSLContext clientTls(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore keys = keyStore();
        keys.setKeyEntry(
                "client", identity.keys().getPrivate(), NO_PASSWORD, new X509Certificate[] {identity.certificate()});
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust().getTrustManagers(), null);
        return context;
    }

    private TrustManagerFactory trust() throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        return trust;
    }

    private static KeyStore keyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static X509Certificate parse(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String csr(KeyPair keys) throws IOException {
        try {
            byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("O=load"), keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return "-----BEGIN CERTIFICATE REQUEST-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
