package dev.exeat.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/**
 * Takes from a PKCS#10 request (RFC 2986) the one thing that the authority wants of it: a public key whose owner proves
 * to hold the private key. All else in it is ignored. What is costly is done last, so that every refusal is cheap.
 */
final class SigningRequest {
    static final int MAX_OCTETS = 16 * 1024;

    private static final int MAX_DEPTH = 12;
    private static final int MAX_ELEMENTS = 512;
    private static final int CONSTRUCTED = 0x20;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 4096;
    private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65537);
    private static final int MAX_EXPONENT_BITS = 32;

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);
    private static final Set<ASN1ObjectIdentifier> SIGNATURES = Set.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384,
            X9ObjectIdentifiers.ecdsa_with_SHA512,
            PKCSObjectIdentifiers.sha256WithRSAEncryption,
            PKCSObjectIdentifiers.sha384WithRSAEncryption,
            PKCSObjectIdentifiers.sha512WithRSAEncryption);

    private SigningRequest() {}

    /** @throws RefusedCsrException if the request is malformed, has a key that is not allowed, or proves nothing */
    static PublicKey provenKey(byte[] der) {
        if (der.length > MAX_OCTETS) {
            throw new RefusedCsrException("the request is larger than " + MAX_OCTETS + " octets");
        }
        checkShape(der);
        try {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(der);
            SubjectPublicKeyInfo info = request.getSubjectPublicKeyInfo();
            checkKey(info);
            if (!SIGNATURES.contains(request.getSignatureAlgorithm().getAlgorithm())) {
                throw new RefusedCsrException(
                        "the request is signed with an algorithm other than ECDSA or RSA (PKCS#1) with SHA-256 or longer");
            }
            PublicKey key = jdkKey(info);
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw unproven();
            }
            return key;
        } catch (RefusedCsrException e) {
            throw e;
        } catch (OperatorCreationException | PKCSException e) {
            throw unproven();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // Hostile octets must end in a refusal, whatever a parser makes of them.
            throw new RefusedCsrException("the request is no well-formed PKCS#10 request");
        }
    }

    private static RefusedCsrException unproven() {
        return new RefusedCsrException("the request is not signed with the private key of the public key in it");
    }

    /** Strict DER, not deep and not of many parts: recursive parsers come only after this. */
    private static void checkShape(byte[] der) {
        Deque<DerCursor> open = new ArrayDeque<>();
        open.push(new DerCursor(der));
        int elements = 0;
        try {
            while (!open.isEmpty()) {
                DerCursor inner = open.element();
                if (!inner.hasNext()) {
                    open.pop();
                    continue;
                }
                DerCursor.Element element = inner.next();
                if (++elements > MAX_ELEMENTS || open.size() > MAX_DEPTH) {
                    throw new RefusedCsrException("the request has more or deeper parts than any needs");
                }
                if ((element.tag() & CONSTRUCTED) != 0) {
                    open.push(element.content());
                }
            }
        } catch (DerCursor.MalformedDerException e) {
            throw new RefusedCsrException("the request is not DER");
        }
    }

    private static void checkKey(SubjectPublicKeyInfo info) throws IOException {
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
                    || !CURVES.contains(curve)) {
                throw refusedKey();
            }
            // Throws unless the point lies on the curve.
            PublicKeyFactory.createKey(info);
        } else if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            checkRsa(RSAPublicKey.getInstance(info.parsePublicKey()));
        } else {
            throw refusedKey();
        }
    }

    private static void checkRsa(RSAPublicKey key) {
        BigInteger modulus = key.getModulus();
        BigInteger exponent = key.getPublicExponent();
        boolean sound = modulus.signum() > 0
                && modulus.testBit(0)
                && modulus.bitLength() >= MIN_RSA_BITS
                && modulus.bitLength() <= MAX_RSA_BITS
                && exponent.testBit(0)
                && exponent.compareTo(MIN_EXPONENT) >= 0
                && exponent.bitLength() <= MAX_EXPONENT_BITS;
        if (!sound) {
            throw refusedKey();
        }
    }

    private static RefusedCsrException refusedKey() {
        return new RefusedCsrException("the request's key is none of P-256, P-384 and RSA of " + MIN_RSA_BITS + " to "
                + MAX_RSA_BITS + " bits with an exponent of 65537 or a little more");
    }

    private static PublicKey jdkKey(SubjectPublicKeyInfo info) throws IOException, GeneralSecurityException {
        String algorithm = info.getAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey) ? "EC" : "RSA";
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
    }
}
