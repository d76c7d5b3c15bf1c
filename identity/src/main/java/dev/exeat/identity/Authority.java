package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;

/**
 * The embedded certificate authority of one trust domain: a root key that is made on the first start, the ledger of
 * what it issued, and the list of what is revoked, in one data directory that one process uses at a time. Thread-safe.
 */
public final class Authority implements AutoCloseable {
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);
    public static final Duration MIN_LIFETIME = Duration.ofMinutes(1);

    /** Certificates are valid from a little in the past, for peers whose clock is behind. */
    static final Duration BACKDATED = Duration.ofMinutes(1);

    private static final String LEDGER = "ledger.jsonl";
    private static final String REVOKED = "revoked.txt";

    private final String trustDomain;
    private final CertificateIssuer issuer;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Files files;
    private final TrustBundle bundle;

    private record Files(IssuanceLedger ledger, RevocationFile revocations) {}

    private Authority(
            String trustDomain, CertificateIssuer issuer, Duration lifetime, InstantSource clock, Files files) {
        this.trustDomain = trustDomain;
        this.issuer = issuer;
        this.lifetime = lifetime;
        this.clock = clock;
        this.files = files;
        this.bundle = TrustBundle.fromPem(
                trustDomain, Pem.encode(Pem.CERTIFICATE, Certificates.encoded(issuer.certificate())));
    }

    /**
     * Opens the authority of the directory, which is made if it is not there.
     *
     * @param svidLifetime how long certificates are valid from their issue on, at least a minute
     * @throws IdentityStoreException if the files cannot be used; the message has the cure
     * @throws InvalidNameException if the trust domain is no name of one
     * @throws IllegalArgumentException if the lifetime is too short
     */
    public static Authority open(Path dataDir, String trustDomain, Duration svidLifetime, InstantSource clock) {
        SpiffeId.checkTrustDomain(trustDomain);
        if (svidLifetime.compareTo(MIN_LIFETIME) < 0) {
            throw new IllegalArgumentException("the lifetime of SVIDs is at least one minute");
        }
        SecretFiles.prepareDirectory(dataDir);
        CertificateIssuer issuer = AuthorityRoot.openOrCreate(dataDir, trustDomain, clock.instant());
        IssuanceLedger ledger = IssuanceLedger.open(dataDir.resolve(LEDGER));
        try {
            Files files = new Files(ledger, new RevocationFile(dataDir.resolve(REVOKED)));
            return new Authority(trustDomain, issuer, svidLifetime, clock, files);
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /** Lets another process of this directory issue; this one issues nothing until {@link #resume}. */
    public void suspend() {
        files.ledger.suspend();
    }

    /** @throws IdentityStoreException if another process issues */
    public void resume() {
        files.ledger.resume();
    }

    public String trustDomain() {
        return trustDomain;
    }

    /** The root of the authority's own trust domain. */
    public TrustBundle bundle() {
        return bundle;
    }

    /** What {@code revoked.txt} in the data directory lists, read anew within a second of its change. */
    public Revocations revocations() {
        return files.revocations.current();
    }

    /** Calls the listener, on a thread of the authority's own, after the revocations have changed. */
    public void onRevocation(Runnable listener) {
        files.revocations.onChange(listener);
    }

    /**
     * Issues a certificate for the key of a request. The request gives nothing else: the certificate is built from the
     * ID alone. It is in the ledger, on the disk, when this returns.
     *
     * @param names empty for all but gateways
     * @throws RefusedCsrException if the request is malformed, its key weak or absurd, or its signature wrong
     * @throws IdentityStoreException if the ledger cannot be written, or the root has expired
     */
    public IssuedSvid issue(byte[] csrDer, SpiffeId id, SanNames names) {
        return sign(SigningRequest.provenKey(csrDer), id, names);
    }

    /** As {@link #issue}, with a new key: an SVID for this process itself. */
    public Svid issueLocal(SpiffeId id, SanNames names) {
        KeyPair keys = KeyFile.newKeyPair();
        IssuedSvid issued = sign(keys.getPublic(), id, names);
        return new Svid(id, issued.chainDer(), keys.getPrivate().getEncoded(), issued.notBefore(), issued.notAfter());
    }

    private IssuedSvid sign(PublicKey key, SpiffeId id, SanNames names) {
        if (!id.trustDomain().equals(trustDomain)) {
            throw new IllegalArgumentException("the authority of " + trustDomain + " issues no IDs of another domain");
        }
        Instant now = clock.instant();
        Instant rootEnd = issuer.certificate().getNotAfter().toInstant();
        if (!now.isBefore(rootEnd)) {
            throw new IdentityStoreException("the authority's root certificate expired on " + rootEnd
                    + "; move the data directory away to begin with a new authority");
        }
        Instant end = now.plus(lifetime);
        CertificateIssuer.Leaf leaf =
                new CertificateIssuer.Leaf(key, id, names, now.minus(BACKDATED), end.isBefore(rootEnd) ? end : rootEnd);
        X509Certificate certificate = issuer.issue(leaf);
        Instant notAfter = certificate.getNotAfter().toInstant();
        files.ledger.append(new IssuanceLedger.Entry(
                now, id.toString(), certificate.getSerialNumber().toString(16), notAfter, sha256(key.getEncoded())));
        return new IssuedSvid(
                id,
                List.of(Certificates.encoded(certificate)),
                certificate.getSerialNumber(),
                certificate.getNotBefore().toInstant(),
                notAfter);
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        files.revocations.close();
        files.ledger.close();
    }
}
