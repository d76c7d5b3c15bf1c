package dev.exeat.cli.objects;

import dev.exeat.control.kinds.NodeJson;
import dev.exeat.control.manifest.ManifestReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Reads a kubeconfig (Kubernetes documentation, "Organizing Cluster Access Using kubeconfig Files"): its current context
 * with a bearer token or a client certificate. What it says of other ways to be known is refused, not left out.
 */
public final class KubeconfigFile {
    private static final char[] NO_PASSWORD = {};

    private final Path file;
    private final JsonNode root;

    private KubeconfigFile(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /** @throws ObjectException if it cannot be read or says too little */
    public static Access read(Path file) {
        try {
            Optional<JsonNode> root = new ManifestReader()
                    .readSingleDocument(file.toString(), Files.readAllBytes(file))
                    .map(NodeJson::of);
            return new KubeconfigFile(file, root.orElseThrow(() -> ObjectException.of(file + " is no kubeconfig")))
                    .access();
        } catch (NoSuchFileException e) {
            throw ObjectException.of(
                    "there is no " + file
                            + "; 'exeat up' makes it when it starts. Name its directory with --data-dir, or another with --kubeconfig");
        } catch (IOException | GeneralSecurityException e) {
            throw ObjectException.of("cannot read " + file + ": " + e.getMessage());
        }
    }

    private Access access() throws IOException, GeneralSecurityException {
        JsonNode context =
                named("contexts", root.path("current-context").asString("")).path("context");
        JsonNode cluster =
                named("clusters", context.path("cluster").asString("")).path("cluster");
        JsonNode user = named("users", context.path("user").asString("")).path("user");
        refuse(cluster, "insecure-skip-tls-verify", "tls-server-name", "proxy-url");
        refuse(user, "exec", "auth-provider", "username", "as");
        String server = cluster.path("server").asString("");
        if (!server.startsWith("https://")) {
            throw ObjectException.of(file + " names no server with https:// for its current context");
        }
        return new Access(
                URI.create(server.endsWith("/") ? server.substring(0, server.length() - 1) : server),
                tls(cluster, user),
                authorization(user),
                context.path("namespace").asString("default"));
    }

    private void refuse(JsonNode part, String... fields) {
        for (String field : fields) {
            JsonNode value = part.path(field);
            boolean said = !value.isMissingNode() && !value.isNull() && !(value.isBoolean() && !value.asBoolean());
            if (said) {
                throw ObjectException.of(field + " in " + file + " is not supported; use kubectl with it");
            }
        }
    }

    private JsonNode named(String list, String name) {
        for (JsonNode entry : root.path(list)) {
            if (entry.path("name").asString("").equals(name)) {
                return entry;
            }
        }
        return MissingNode.getInstance();
    }

    private String authorization(JsonNode user) throws IOException {
        String token = user.path("token").asString("");
        String tokenFile = user.path("tokenFile").asString("");
        if (token.isEmpty() && !tokenFile.isEmpty()) {
            token = Files.readString(file.toAbsolutePath().resolveSibling(tokenFile))
                    .strip();
        }
        return token.isEmpty() ? "" : "Bearer " + token;
    }

    /** What a field holds in Base64, or the file that its twin names. */
    private byte @Nullable [] content(JsonNode part, String field) throws IOException {
        String data = part.path(field + "-data").asString("");
        if (!data.isEmpty()) {
            return Base64.getMimeDecoder().decode(data);
        }
        String path = part.path(field).asString("");
        return path.isEmpty() ? null : Files.readAllBytes(file.toAbsolutePath().resolveSibling(path));
    }

    private SSLContext tls(JsonNode cluster, JsonNode user) throws IOException, GeneralSecurityException {
        byte[] roots = content(cluster, "certificate-authority");
        byte[] certificate = content(user, "client-certificate");
        byte[] key = content(user, "client-key");
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(
                certificate == null || key == null ? null : presenting(certificate, key),
                roots == null ? null : trusting(roots),
                null);
        return tls;
    }

    private static TrustManager[] trusting(byte[] roots) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        int number = 0;
        for (Certificate root : certificates(roots)) {
            store.setCertificateEntry("root" + number++, root);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] presenting(byte[] chain, byte[] key) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        store.setKeyEntry("client", key(key), NO_PASSWORD, certificates(chain).toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(byte[] pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    }

    private static PrivateKey key(byte[] pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.US_ASCII)))) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            return switch (parser.readObject()) {
                case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
                case PrivateKeyInfo info -> converter.getPrivateKey(info);
                case null, default -> throw new IOException("the client key is no private key in PEM");
            };
        }
    }
}
