package dev.exeat.hello;

import dev.exeat.model.HelloFacts;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.model.TlsAlert;
import java.util.List;

/**
 * Parses one whole ClientHello message (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). Every length must close
 * exactly. A broken structure is told before a missing name, and that before an invalid one.
 */
final class ClientHelloParser {
    /** The type and the three octets of length before the body of a handshake message. */
    static final int HEADER = 4;

    private static final int RANDOM = 32;
    private static final int MAX_SESSION_ID = 32;

    private ClientHelloParser() {}

    /**
     * The facts of the message {@code octets[from..to)}, header included.
     *
     * @throws HelloException if the hello may not pass
     */
    static HelloFacts parse(byte[] octets, int from, int to) {
        Cursor message = new Cursor(octets, from + HEADER, to);
        int legacyVersion = message.u16("legacy_version");
        if (legacyVersion >> 8 != 3) {
            throw HelloException.malformed(TlsAlert.PROTOCOL_VERSION, "legacy_version is not of TLS");
        }
        message.skip(RANDOM, "random");
        if (message.vector8("legacy_session_id").remaining() > MAX_SESSION_ID) {
            throw decodeError("legacy_session_id is longer than 32 octets");
        }
        int suites = message.vector16("cipher_suites").remaining();
        if (suites == 0 || suites % 2 != 0) {
            throw decodeError("cipher_suites is empty or of odd length");
        }
        if (message.vector8("legacy_compression_methods").remaining() == 0) {
            throw decodeError("legacy_compression_methods is empty");
        }
        ExtensionReader extensions = new ExtensionReader();
        // A hello of TLS 1.2 and before may end without the block.
        if (message.hasRemaining()) {
            Cursor block = message.vector16("extensions");
            message.requireEnd("the extensions");
            extensions.read(block);
        }
        return facts(extensions, legacyVersion, to - from);
    }

    private static HelloFacts facts(ExtensionReader extensions, int legacyVersion, int length) {
        List<Integer> versions = extensions.versions();
        byte[] rawName = extensions.rawName();
        if (rawName == null) {
            throw new HelloException(
                    Reason.SNI_MISSING,
                    TlsAlert.UNRECOGNIZED_NAME,
                    extensions.esni()
                            ? "no server_name extension, but the encrypted one of a draft (0xffce)"
                            : "no server_name extension");
        }
        return new HelloFacts(
                serverName(rawName),
                WireText.latin1(rawName),
                versions == null ? List.of(legacyVersion) : versions,
                extensions.alpn(),
                extensions.ech(),
                extensions.postQuantum(),
                length);
    }

    private static ServerName serverName(byte[] rawName) {
        try {
            return ServerName.fromWire(rawName);
        } catch (InvalidNameException e) {
            throw new HelloException(
                    Reason.SNI_INVALID,
                    TlsAlert.UNRECOGNIZED_NAME,
                    "server_name " + WireText.quoted(rawName) + ": " + e.getMessage());
        }
    }

    private static HelloException decodeError(String detail) {
        return HelloException.malformed(TlsAlert.DECODE_ERROR, detail);
    }
}
