package dev.exeat.hello;

import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the extensions of one ClientHello (RFC 8446 section 4.2) and keeps what the facts need. */
final class ExtensionReader {
    /** Real hellos have about 20; the bound keeps the check for duplicates cheap. */
    static final int MAX_EXTENSIONS = 1_000;

    /** Each becomes an object of its own, so their number is bounded too. */
    static final int MAX_PROTOCOLS = 256;

    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int KEY_SHARE = 51;
    private static final int ESNI = 0xffce;
    private static final int ECH = 0xfe0d;
    private static final int HOST_NAME = 0;

    private long lowTypes;
    private final Set<Integer> highTypes = new HashSet<>();
    private byte @Nullable [] rawName;
    private @Nullable List<Integer> versions;
    private List<String> alpn = List.of();
    private boolean ech;
    private boolean esni;
    private boolean postQuantum;

    void read(Cursor block) {
        int count = 0;
        while (block.hasRemaining()) {
            if (++count > MAX_EXTENSIONS) {
                throw new HelloException(
                        Reason.HELLO_TOO_LARGE, TlsAlert.DECODE_ERROR, "more than " + MAX_EXTENSIONS + " extensions");
            }
            int type = block.u16("extension_type");
            Cursor data = block.vector16("extension_data");
            refuseDuplicate(type);
            readOne(type, data);
        }
    }

    private void refuseDuplicate(int type) {
        boolean first;
        if (type < Long.SIZE) {
            first = (lowTypes & (1L << type)) == 0;
            lowTypes |= 1L << type;
        } else {
            first = highTypes.add(type);
        }
        if (!first) {
            throw HelloException.malformed(TlsAlert.ILLEGAL_PARAMETER, "extension " + type + " stands twice");
        }
    }

    private void readOne(int type, Cursor data) {
        switch (type) {
            case SERVER_NAME -> rawName = readServerName(data);
            case SUPPORTED_GROUPS -> readGroups(data);
            case ALPN -> alpn = readAlpn(data);
            case SUPPORTED_VERSIONS -> versions = readVersions(data);
            case KEY_SHARE -> readKeyShares(data);
            case ECH -> ech = true;
            case ESNI -> esni = true;
            default -> {
                // Its length has closed; what it says does not matter here.
            }
        }
    }

    /** RFC 6066 section 3; the only type of name ever defined is host_name, so no other has a known form. */
    private static byte[] readServerName(Cursor data) {
        Cursor list = data.vector16("server_name_list");
        data.requireEnd("server_name_list");
        if (list.u8("name_type") != HOST_NAME) {
            throw HelloException.malformed(TlsAlert.DECODE_ERROR, "server_name holds a name that is no host_name");
        }
        byte[] name = list.vector16("host_name").rest();
        if (list.hasRemaining()) {
            throw HelloException.malformed(
                    TlsAlert.DECODE_ERROR, list.remaining() + " octets follow the host_name " + WireText.quoted(name));
        }
        return name;
    }

    /** RFC 8446 section 4.2.7. */
    private void readGroups(Cursor data) {
        Cursor list = nonEmpty(data.vector16("named_group_list"), "named_group_list");
        data.requireEnd("named_group_list");
        while (list.hasRemaining()) {
            postQuantum |= isHybrid(list.u16("named_group"));
        }
    }

    /** RFC 8446 section 4.2.8; an empty list asks for a HelloRetryRequest. */
    private void readKeyShares(Cursor data) {
        Cursor list = data.vector16("client_shares");
        data.requireEnd("client_shares");
        while (list.hasRemaining()) {
            postQuantum |= isHybrid(list.u16("group"));
            nonEmpty(list.vector16("key_exchange"), "key_exchange");
        }
    }

    /** X25519MLKEM768, SecP256r1MLKEM768, SecP384r1MLKEM1024 and the draft X25519Kyber768Draft00. */
    private static boolean isHybrid(int group) {
        return group == 0x11ec || group == 0x11eb || group == 0x11ed || group == 0x6399;
    }

    /** RFC 7301 section 3.1. */
    private static List<String> readAlpn(Cursor data) {
        Cursor list = nonEmpty(data.vector16("protocol_name_list"), "protocol_name_list");
        data.requireEnd("protocol_name_list");
        List<String> protocols = new ArrayList<>();
        while (list.hasRemaining()) {
            if (protocols.size() == MAX_PROTOCOLS) {
                throw new HelloException(
                        Reason.HELLO_TOO_LARGE,
                        TlsAlert.DECODE_ERROR,
                        "more than " + MAX_PROTOCOLS + " application protocols");
            }
            protocols.add(WireText.latin1(
                    nonEmpty(list.vector8("protocol_name"), "protocol_name").rest()));
        }
        return protocols;
    }

    /** RFC 8446 section 4.2.1; values of the form 0x?a?a are GREASE (RFC 8701 section 2). */
    private static List<Integer> readVersions(Cursor data) {
        Cursor list = nonEmpty(data.vector8("versions"), "versions");
        data.requireEnd("versions");
        List<Integer> versions = new ArrayList<>();
        while (list.hasRemaining()) {
            int version = list.u16("version");
            boolean grease = (version & 0x0f0f) == 0x0a0a && version >> 8 == (version & 0xff);
            if (!grease && !versions.contains(version)) {
                versions.add(version);
            }
        }
        if (versions.isEmpty()) {
            throw HelloException.malformed(TlsAlert.PROTOCOL_VERSION, "supported_versions names no version");
        }
        versions.sort(Collections.reverseOrder());
        return versions;
    }

    private static Cursor nonEmpty(Cursor vector, String what) {
        if (!vector.hasRemaining()) {
            throw HelloException.malformed(TlsAlert.DECODE_ERROR, what + " is empty");
        }
        return vector;
    }

    /** The octets of the host_name, or null if there is no server_name extension. */
    byte @Nullable [] rawName() {
        return rawName;
    }

    /** The versions of supported_versions, highest first, or null if there is no such extension. */
    @Nullable
    List<Integer> versions() {
        return versions;
    }

    List<String> alpn() {
        return alpn;
    }

    boolean ech() {
        return ech;
    }

    /** Whether the encrypted name of the drafts before ECH is there, which replaced server_name. */
    boolean esni() {
        return esni;
    }

    boolean postQuantum() {
        return postQuantum;
    }
}
