package dev.exeat.testkit;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.testkit.CertificateMint.AltName;
import dev.exeat.testkit.CertificateMint.Content;
import dev.exeat.testkit.CertificateMint.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/** A small certificate authority for the sites of a test; its key lives in memory only. Thread-safe. */
public final class TestPki {
    private static final char[] NO_PASSWORD = {};

    private final Issued root;

    private TestPki(Issued root) {
        this.root = root;
    }

    /** A new root (P-256), valid for 30 days. */
    public static TestPki create(String name) {
        return new TestPki(CertificateMint.root(new X500Name("CN=" + name), List.of(), Duration.ofDays(30)));
    }

    public X509Certificate rootCertificate() {
        return root.certificate();
    }

    /** Writes the root as PEM, as {@code curl --cacert} takes it. */
    public Path writeRoot(Path file) {
        try {
            return Files.writeString(file, CertificateMint.pem(root.certificate()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a new certificate for these names, and its key in PKCS #8, as PEM for a server that is no Java program. */
    public void writeServer(List<String> names, Path certificate, Path key) {
        Issued issued = issue(names);
        try {
            Files.writeString(certificate, CertificateMint.pem(issued.certificate()));
            Files.writeString(
                    key, CertificateMint.pem("PRIVATE KEY", issued.key().getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A TLS context of a server with a new certificate for DNS names (with wildcards) and addresses. */
    public SSLContext serverContext(List<String> names) {
        Issued issued = issue(names);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry("site", issued.key(), NO_PASSWORD, new Certificate[] {issued.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, NO_PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make the site's TLS context", e);
        }
    }

    /** A TLS context of a client that trusts this root alone. */
    public SSLContext clientContext() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setCertificateEntry("root", root.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make the client's TLS context", e);
        }
    }

    private Issued issue(List<String> names) {
        Instant now = Instant.now();
        List<AltName> altNames = new ArrayList<>();
        for (String name : names) {
            altNames.add(altName(name));
        }
        Content content = new Content(
                new X500Name("O=site"),
                CertificateMint.ecKey(),
                now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(10)),
                altNames,
                new BasicConstraints(false),
                KeyUsage.digitalSignature,
                List.of(KeyPurposeId.id_kp_serverAuth));
        return CertificateMint.issue(content, root, "SHA256");
    }

    private static AltName altName(String name) {
        try {
            return new AltName(AltName.IP, new String(IpAddress.parse(name).octets(), StandardCharsets.ISO_8859_1));
        } catch (InvalidNameException e) {
            return new AltName(AltName.DNS, name);
        }
    }
}
