package dev.exeat.net;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A root and two leaves, made by the openssl command. */
record TestCertificates(Path directory) {

    static TestCertificates make(Path directory) throws Exception {
        TestCertificates made = new TestCertificates(directory);
        openssl(
                directory,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=root -keyout ca.key -out ca.pem");
        made.leaf("server");
        made.leaf("client");
        made.intermediate();
        openssl(
                directory,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger -keyout stranger.key -out stranger.pem");
        return made;
    }

    private void leaf(String name) throws Exception {
        openssl(
                directory,
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name
                        + ".key -out " + name + ".csr");
        openssl(
                directory,
                "x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out " + name
                        + ".pem");
    }

    /** A client below an intermediate authority; {@code deep.pem} holds both, the leaf first. */
    private void intermediate() throws Exception {
        Files.writeString(directory.resolve("ca.ext"), "basicConstraints=critical,CA:TRUE\n");
        openssl(
                directory,
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=middle -keyout middle.key -out middle.csr");
        openssl(
                directory,
                "x509 -req -in middle.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ca.ext -out middle.pem");
        openssl(
                directory,
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=deep -keyout deep.key -out deep.csr");
        openssl(
                directory,
                "x509 -req -in deep.csr -CA middle.pem -CAkey middle.key -CAcreateserial -days 2 -out deep-leaf.pem");
        Files.writeString(
                directory.resolve("deep.pem"),
                Files.readString(directory.resolve("deep-leaf.pem"))
                        + Files.readString(directory.resolve("middle.pem")));
    }

    private static void openssl(Path directory, String arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(("openssl " + arguments).split(" "));
        builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        Process process = builder.start();
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(directory.resolve("log")));
        }
    }

    TlsIdentity identity(String name) throws Exception {
        return new TlsIdentity(List.of(der(name + ".pem")), der(name + ".key"));
    }

    /** The Java platform's TLS with this identity, which trusts the root alone. */
    SSLContext platform(String name) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Certificate root = factory.generateCertificate(new ByteArrayInputStream(der("ca.pem")));
        Certificate leaf = factory.generateCertificate(new ByteArrayInputStream(der(name + ".pem")));
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(name + ".key")));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", root);
        store.setKeyEntry("own", key, new char[0], new Certificate[] {leaf, root});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    byte[] der(String file) throws Exception {
        String pem = Files.readString(directory.resolve(file));
        String body = pem.replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
        return Base64.getDecoder().decode(body);
    }

    /** Trusts what the root signed. */
    PeerVerifier trustRoot() {
        return chain -> {
            try {
                var factory = CertificateFactory.getInstance("X.509");
                var leaf = factory.generateCertificate(new ByteArrayInputStream(chain.getFirst()));
                var root = factory.generateCertificate(new ByteArrayInputStream(der("ca.pem")));
                leaf.verify(root.getPublicKey());
                return PeerVerdict.OK;
            } catch (Exception e) {
                return PeerVerdict.UNKNOWN_CA;
            }
        };
    }
}
