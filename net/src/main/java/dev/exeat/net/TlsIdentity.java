package dev.exeat.net;

import java.util.List;

/**
 * What a side proves itself with. Its text form never shows the key.
 *
 * @param chainDer certificates, the leaf first
 * @param pkcs8Key the leaf's private key, PKCS#8 in DER
 */
public record TlsIdentity(List<byte[]> chainDer, byte[] pkcs8Key) {
    public TlsIdentity {
        chainDer = List.copyOf(chainDer);
        if (chainDer.isEmpty()) {
            throw new IllegalArgumentException("an identity has a certificate");
        }
    }

    @Override
    public String toString() {
        return "TlsIdentity[" + chainDer.size() + " certificates]";
    }
}
