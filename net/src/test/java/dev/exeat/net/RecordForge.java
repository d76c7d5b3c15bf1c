package dev.exeat.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals records of TLS 1.3 with TLS_AES_128_GCM_SHA256 under the traffic secret of a client that has sent none yet
 * (RFC 8446 sections 5.2, 5.3 and 7.3), for records that no library would send.
 */
final class RecordForge {
    private static final byte APPLICATION_DATA = 23;
    private static final int TAG = 16;

    private final byte[] secret;
    private long sequence;

    RecordForge(byte[] clientTrafficSecret) {
        this.secret = clientTrafficSecret.clone();
    }

    /** The next record of application data with this content. */
    byte[] applicationData(byte[] content) throws GeneralSecurityException {
        byte[] header = {APPLICATION_DATA, 3, 3, 0, (byte) (content.length + 1 + TAG)};
        byte[] nonce = expand("iv", 12);
        byte[] number = ByteBuffer.allocate(12).putLong(4, sequence++).array();
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] ^= number[i];
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(expand("key", 16), "AES"), new GCMParameterSpec(8 * TAG, nonce));
        cipher.updateAAD(header);
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(header);
        byte[] inner = Arrays.copyOf(content, content.length + 1);
        inner[content.length] = APPLICATION_DATA;
        record.writeBytes(cipher.doFinal(inner));
        return record.toByteArray();
    }

    private byte[] expand(String label, int length) throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(US_ASCII);
        byte[] info = ByteBuffer.allocate(4 + name.length)
                .putShort((short) length)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .array();
        return KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(secret, "HKDF"), info, length));
    }
}
