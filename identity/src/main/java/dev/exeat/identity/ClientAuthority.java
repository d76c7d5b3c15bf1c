package dev.exeat.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes and checks the certificates by which people reach the API: the common name is the user, each organization a
 * group, as Kubernetes has it. Its root vouches for nothing else, and SVIDs are no such certificates. Thread-safe.
 */
public final class ClientAuthority {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);
    public static final Duration MAX_LIFETIME = Duration.ofDays(365);

    private static final String KEY = "client-ca-key.pem";
    private static final String CERTIFICATE = "client-ca.pem";
    private static final X500Name ISSUER = new X500Name("CN=Exeat API clients,O=Exeat");
    private static final Duration ROOT_LIFETIME = Duration.ofDays(3653);
    private static final Duration BACKDATED = Duration.ofMinutes(1);
    private static final String CLIENT_AUTH = KeyPurposeId.id_kp_clientAuth.getId();
    private static final int SERIAL_BITS = 127;
    private static final int RSA_BITS = 2048;
    private static final int MAX_NAME = 256;
    private static final int MAX_GROUPS = 32;

    private final KeyPair keys;
    private final X509Certificate root;
    private final InstantSource clock;

    private ClientAuthority(KeyPair keys, X509Certificate root, InstantSource clock) {
        this.keys = keys;
        this.root = root;
        this.clock = clock;
    }

    /** Who a certificate says its owner is. */
    public record Client(String user, List<String> groups) {
        public Client {
            groups = List.copyOf(groups);
        }
    }

    /**
     * A certificate with its key, both in PEM.
     *
     * @param serial the certificate's serial number, as {@link Revocations} reads it
     */
    public record Credentials(String certificatePem, String keyPem, String serial) {
        @Override
        public String toString() {
            return "Credentials[" + certificatePem + "]";
        }
    }

    /**
     * Opens the root of the directory, which is made if it is not there. Processes that race get the same one.
     *
     * @throws IdentityStoreException if its files cannot be used; the message has the cure
     */
    public static ClientAuthority open(Path dataDir, InstantSource clock) {
        SecretFiles.prepareDirectory(dataDir);
        KeyPair keys = KeyFile.openOrCreate(dataDir.resolve(KEY));
        Path file = dataDir.resolve(CERTIFICATE);
        if (!Files.exists(file)) {
            Instant now = clock.instant();
            X509v3CertificateBuilder builder = builder(ISSUER, keys, now.plus(ROOT_LIFETIME), now);
            X509Certificate root = sign(builder, keys, new BasicConstraints(true), KeyUsage.keyCertSign, List.of());
            SecretFiles.createIfAbsent(
                    file,
                    Pem.encode(Pem.CERTIFICATE, Certificates.encoded(root)).getBytes(StandardCharsets.US_ASCII),
                    SecretFiles.READABLE);
        }
        return new ClientAuthority(keys, read(file, keys), clock);
    }

    private static X509Certificate read(Path file, KeyPair keys) {
        try {
            List<byte[]> ders =
                    Pem.decode(Pem.CERTIFICATE, new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1));
            if (ders.size() == 1) {
                X509Certificate root = Certificates.parse(ders.getFirst());
                if (root.getPublicKey().equals(keys.getPublic())) {
                    return root;
                }
            }
        } catch (IllegalArgumentException | CertificateException e) {
            // As below: it is none.
        }
        throw new IdentityStoreException(file + " is not the certificate of the key in " + KEY
                + "; restore the pair from one copy, or remove both to begin anew");
    }

    /** The root's certificate. */
    public X509Certificate root() {
        return root;
    }

    /**
     * A new key, RSA because some clients expect it, and its certificate.
     *
     * @param lifetime one second to 365 days
     * @throws IllegalArgumentException if the lifetime is not in its range, or a name is empty or longer than 256
     */
    public Credentials issue(Client client, Duration lifetime) {
        if (lifetime.compareTo(Duration.ofSeconds(1)) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new IllegalArgumentException("a certificate's lifetime is one second to 365 days");
        }
        X500NameBuilder subject = new X500NameBuilder();
        client.groups().forEach(group -> subject.addRDN(BCStyle.O, named(group)));
        subject.addRDN(BCStyle.CN, named(client.user()));
        KeyPair own = rsa();
        Instant now = clock.instant();
        X509v3CertificateBuilder builder = builder(subject.build(), own, now.plus(lifetime), now);
        X509Certificate certificate = sign(
                builder,
                keys,
                new BasicConstraints(false),
                KeyUsage.digitalSignature,
                List.of(KeyPurposeId.id_kp_clientAuth));
        return new Credentials(
                Pem.encode(Pem.CERTIFICATE, Certificates.encoded(certificate)),
                Pem.encode(Pem.PRIVATE_KEY, own.getPrivate().getEncoded()),
                certificate.getSerialNumber().toString(16));
    }

    private static String named(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("a name has 1 to " + MAX_NAME + " characters");
        }
        return name;
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes RSA keys", e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Name subject, KeyPair keys, Instant end, Instant now) {
        return new JcaX509v3CertificateBuilder(
                ISSUER,
                new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1),
                Date.from(now.minus(BACKDATED)),
                Date.from(end),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(
            X509v3CertificateBuilder builder,
            KeyPair signer,
            BasicConstraints constraints,
            int usage,
            List<KeyPurposeId> purposes) {
        try {
            builder.addExtension(Extension.basicConstraints, true, constraints);
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (!purposes.isEmpty()) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            }
            return Certificates.parse(
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))
                            .getEncoded());
        } catch (OperatorCreationException | CertificateException | IOException e) {
            throw new IllegalStateException("cannot sign a client's certificate", e);
        }
    }

    /**
     * Whom the certificate names. That the peer has its key, the handshake has proved.
     *
     * @throws InvalidClientException if this authority did not issue it for that, or it is not valid now
     */
    public Client verify(X509Certificate certificate) {
        Instant now = clock.instant();
        try {
            certificate.verify(keys.getPublic());
            List<String> purposes = certificate.getExtendedKeyUsage();
            if (certificate.getBasicConstraints() >= 0 || purposes == null || !purposes.contains(CLIENT_AUTH)) {
                throw new InvalidClientException("the certificate is not one for clients");
            }
        } catch (GeneralSecurityException e) {
            throw new InvalidClientException("the certificate was not made by this authority");
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant())) {
            throw new InvalidClientException("the certificate is not valid now");
        }
        X500Name subject =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        List<String> users = values(subject, BCStyle.CN);
        List<String> groups = values(subject, BCStyle.O);
        if (users.size() != 1 || users.getFirst().isEmpty() || groups.size() > MAX_GROUPS) {
            throw new InvalidClientException("the certificate names no user");
        }
        return new Client(users.getFirst(), groups);
    }

    private static List<String> values(X500Name subject, ASN1ObjectIdentifier type) {
        List<String> values = new ArrayList<>();
        for (RDN part : subject.getRDNs(type)) {
            if (part.isMultiValued() || !(part.getFirst().getValue() instanceof ASN1String text)) {
                throw new InvalidClientException("the certificate's subject is not of plain names");
            }
            values.add(text.getString());
        }
        return values;
    }
}
