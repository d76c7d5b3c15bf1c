package dev.exeat.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.exeat.identity.InvalidSvidException.Kind;
import dev.exeat.model.SpiffeId;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Judges the chain of a peer: a path to a root of the trust domain that its leaf names (SPIFFE X509-SVID section 5.1),
 * then the rules for leaves (section 5.2), validity and revocation. Which domain's roots may vouch is chosen by the
 * leaf's own ID, so that no domain can speak for another.
 *
 * <p>Verified chains are remembered (bounded) as long as the bundle and the revocations stay the same;
 * validity is checked anew each time. Does no I/O; thread-safe.
 */
public final class SvidValidator {
    /** How many certificates a peer may send. */
    public static final int MAX_CHAIN = 5;
    /** How many octets they may have in all. */
    public static final int MAX_CHAIN_OCTETS = 32 * 1024;

    /** Octets of chains that are remembered, each with what surrounds it. */
    private static final int MAX_REMEMBERED = 16 * 1024 * 1024;

    private final Supplier<TrustBundle> bundle;
    private final Supplier<Revocations> revocations;
    private final InstantSource clock;
    private final Cache<ChainKey, Remembered> verified = Caffeine.newBuilder()
            .maximumWeight(MAX_REMEMBERED)
            .weigher((ChainKey key, Remembered _) -> key.weight())
            .executor(Runnable::run)
            .build();

    /** What was found under which bundle and revocations. */
    private record Remembered(VerifiedSvid svid, Instant notBefore, TrustBundle bundle, Revocations revocations) {}

    /** @param bundle gives the same object until it changes, which makes the comparison quick; so does {@code revocations} */
    public SvidValidator(Supplier<TrustBundle> bundle, Supplier<Revocations> revocations, InstantSource clock) {
        this.bundle = bundle;
        this.revocations = revocations;
        this.clock = clock;
    }

    /**
     * The peer's ID.
     *
     * @param chainDer the leaf first, each certificate issued by the next
     * @throws InvalidSvidException if the chain proves nothing
     */
    public SpiffeId validate(List<byte[]> chainDer, PeerRole role) {
        return verify(chainDer, role).id();
    }

    /**
     * The peer's ID and how long it holds.
     *
     * @param chainDer the leaf first, each certificate issued by the next
     * @throws InvalidSvidException if the chain proves nothing
     */
    public VerifiedSvid verify(List<byte[]> chainDer, PeerRole role) {
        checkSize(chainDer);
        TrustBundle roots = bundle.get();
        Revocations revoked = revocations.get();
        Instant now = clock.instant();
        ChainKey key = new ChainKey(chainDer, role);
        Remembered known = verified.getIfPresent(key);
        if (known != null && known.bundle.equals(roots) && known.revocations.equals(revoked)) {
            checkValidity(known, now);
            return known.svid;
        }
        verified.invalidate(key);
        Remembered found = examine(chainDer, role, roots, revoked, now);
        verified.put(key, found);
        return found.svid;
    }

    /**
     * Whether a peer that proved itself at {@code then} still counts as proved: its roots are still trusted and nothing
     * of it is revoked. That its certificates have expired since does not matter. Nothing is remembered.
     */
    public boolean stillStands(List<byte[]> chainDer, PeerRole role, Instant then) {
        try {
            checkSize(chainDer);
            examine(chainDer, role, bundle.get(), revocations.get(), then);
            return true;
        } catch (InvalidSvidException e) {
            return false;
        }
    }

    private static void checkSize(List<byte[]> chainDer) {
        if (chainDer.isEmpty() || chainDer.size() > MAX_CHAIN) {
            throw new InvalidSvidException(
                    Kind.BAD_CERTIFICATE,
                    "a chain has 1 to " + MAX_CHAIN + " certificates, this one " + chainDer.size());
        }
        long octets = 0;
        for (byte[] der : chainDer) {
            octets += der.length;
        }
        if (octets > MAX_CHAIN_OCTETS) {
            throw new InvalidSvidException(
                    Kind.BAD_CERTIFICATE, "the chain is larger than " + MAX_CHAIN_OCTETS + " octets");
        }
    }

    private static void checkValidity(Remembered known, Instant now) {
        if (now.isBefore(known.notBefore) || now.isAfter(known.svid.notAfter())) {
            throw CertificatePath.notValidNow();
        }
    }

    private static Remembered examine(
            List<byte[]> chainDer, PeerRole role, TrustBundle bundle, Revocations revocations, Instant now) {
        List<X509Certificate> chain = parse(chainDer);
        SpiffeId id = LeafRules.check(chain.getFirst(), role);
        List<X509Certificate> roots = bundle.roots(id.trustDomain());
        if (roots.isEmpty()) {
            throw new InvalidSvidException(
                    Kind.UNKNOWN_CA, "the trust bundle has no roots of the trust domain " + id.trustDomain());
        }
        List<X509Certificate> path = CertificatePath.verify(chain, id.trustDomain(), roots, now);
        Instant notBefore = Instant.MIN;
        Instant notAfter = Instant.MAX;
        if (revocations.revokes(id)) {
            throw new InvalidSvidException(Kind.REVOKED, "the identity is revoked");
        }
        for (X509Certificate certificate : path) {
            if (revocations.revokes(certificate)) {
                throw new InvalidSvidException(Kind.REVOKED, "a certificate of the chain is revoked");
            }
            Instant from = certificate.getNotBefore().toInstant();
            Instant until = certificate.getNotAfter().toInstant();
            notBefore = from.isAfter(notBefore) ? from : notBefore;
            notAfter = until.isBefore(notAfter) ? until : notAfter;
        }
        BigInteger serial = path.getFirst().getSerialNumber();
        return new Remembered(new VerifiedSvid(id, notAfter, serial), notBefore, bundle, revocations);
    }

    private static List<X509Certificate> parse(List<byte[]> chainDer) {
        List<X509Certificate> chain = new ArrayList<>(chainDer.size());
        for (byte[] der : chainDer) {
            try {
                chain.add(Certificates.parse(der));
            } catch (CertificateException e) {
                throw new InvalidSvidException(
                        Kind.BAD_CERTIFICATE, "certificate " + chain.size() + " of the chain is malformed");
            }
        }
        return chain;
    }
}
