package dev.exeat.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

/** Makes certificate signing requests, sound or not. */
final class Csr {
    private Csr() {}

    static KeyPair ec(String curve) throws Exception {
        return keys("EC", new ECGenParameterSpec(curve));
    }

    static KeyPair rsa(int bits, long exponent) throws Exception {
        return keys("RSA", new RSAKeyGenParameterSpec(bits, BigInteger.valueOf(exponent)));
    }

    private static KeyPair keys(String algorithm, AlgorithmParameterSpec parameters) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(parameters);
        return generator.generateKeyPair();
    }

    static byte[] good() {
        return of(KeyFile.newKeyPair());
    }

    static byte[] of(KeyPair keys) {
        return signed(
                builder(keys),
                keys,
                "SHA256with" + (keys.getPrivate().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA"));
    }

    static PKCS10CertificationRequestBuilder builder(KeyPair keys) {
        return builder(SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    }

    static PKCS10CertificationRequestBuilder builder(SubjectPublicKeyInfo key) {
        return new PKCS10CertificationRequestBuilder(new X500Name("CN=anything"), key);
    }

    static byte[] signed(PKCS10CertificationRequestBuilder builder, KeyPair keys, String algorithm) {
        try {
            ContentSigner signer = new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
            return builder.build(signer).getEncoded();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asks to be somebody else, an authority, and valid for other hosts. */
    static byte[] greedy(KeyPair keys, String uri) throws Exception {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.uniformResourceIdentifier, uri),
            new GeneralName(GeneralName.dNSName, "bank.example")
        }));
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        return signed(
                builder(keys).addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate()),
                keys,
                "SHA256withECDSA");
    }

    static byte[] withAttributes(KeyPair keys, int count) {
        PKCS10CertificationRequestBuilder builder = builder(keys);
        for (int i = 0; i < count; i++) {
            builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_unstructuredName, new DERPrintableString("x" + i));
        }
        return signed(builder, keys, "SHA256withECDSA");
    }
}
