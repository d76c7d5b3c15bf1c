package dev.exeat.identity;

import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Mutator;
import dev.exeat.testkit.fuzz.Same;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/**
 * A request that is taken proves its key by a second reading: a generic DER tree, the JDK's own keys and signatures. All
 * others are refused in words of our own. A part of the inputs is changed within and signed anew.
 */
public final class CsrFuzz implements FuzzTarget {
    private static final PrivateKey KEY = FuzzKeys.key("leaf");
    private static final Map<String, String> ALGORITHMS = Map.of(
            "1.2.840.10045.4.3.2", "SHA256withECDSA",
            "1.2.840.10045.4.3.3", "SHA384withECDSA",
            "1.2.840.10045.4.3.4", "SHA512withECDSA",
            "1.2.840.113549.1.1.11", "SHA256withRSA",
            "1.2.840.113549.1.1.12", "SHA384withRSA",
            "1.2.840.113549.1.1.13", "SHA512withRSA");

    @Override
    public String name() {
        return "csr";
    }

    @Override
    public List<byte[]> seeds() {
        try {
            PublicKey key =
                    Certificates.parse(FuzzKeys.certificate("leaf-root")).getPublicKey();
            byte[] info = DerParts.element(
                    0x30, new byte[] {2, 1, 0}, DerParts.element(0x30), key.getEncoded(), new byte[] {(byte) 0xa0, 0});
            return List.of(DerParts.signed(info, KEY, fixed()), Csr.withAttributes(new KeyPair(key, KEY), 3));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Mutator fixed() {
        return Mutator.of(1, List.of(new byte[1]));
    }

    @Override
    public byte[] mutate(byte[] input, Mutator mutator) {
        byte[] info = DerParts.first(input);
        return info == null || !mutator.oneIn(3)
                ? mutator.mutate(input)
                : DerParts.signed(DerParts.mutatedWithin(info, mutator), KEY, mutator);
    }

    @Override
    public List<byte[]> tokens() {
        return List.of(
                new byte[] {0x30, (byte) 0x80},
                new byte[] {0x30, (byte) 0x82, 0x01, 0x00},
                new byte[] {0x31, 0},
                new byte[] {5, 0},
                new byte[] {2, 1, 0},
                new byte[] {(byte) 0xa0, 0},
                new byte[] {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7},
                new byte[] {(byte) 0x84, -1, -1, -1, -1});
    }

    @Override
    public String feed(byte[] input) throws IOException, GeneralSecurityException {
        PublicKey key;
        try {
            key = SigningRequest.provenKey(input);
        } catch (RefusedCsrException e) {
            return String.valueOf(e.getMessage());
        }
        ASN1Sequence request = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(input));
        Same.require("parts", request.size(), 3);
        ASN1Sequence info = ASN1Sequence.getInstance(request.getObjectAt(0));
        byte[] keyInfo = info.getObjectAt(2).toASN1Primitive().getEncoded(ASN1Encoding.DER);
        String name = key instanceof ECPublicKey ? "EC" : "RSA";
        PublicKey expected = KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(keyInfo));
        Same.require("the key of the request", key, expected);
        requireStrong(expected);
        String algorithm = ALGORITHMS.get(ASN1ObjectIdentifier.getInstance(
                        ASN1Sequence.getInstance(request.getObjectAt(1)).getObjectAt(0))
                .getId());
        Signature signature = Signature.getInstance(algorithm);
        signature.initVerify(expected);
        // As it came, not as it would be written again.
        signature.update(DerParts.first(input));
        Same.require(
                "signed",
                signature.verify(
                        ASN1BitString.getInstance(request.getObjectAt(2)).getOctets()),
                true);
        return "taken " + name + " " + algorithm;
    }

    private static void requireStrong(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            Same.require("RSA bits", bits >= 2048 && bits <= 4096, true);
        } else {
            int bits = ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize();
            Same.require("a curve", Set.of(256, 384).contains(bits), true);
        }
    }
}
