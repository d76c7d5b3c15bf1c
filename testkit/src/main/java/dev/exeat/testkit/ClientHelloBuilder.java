package dev.exeat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Builds a ClientHello message (RFC 8446 section 4.1.2), sound by default and broken in any way that is asked for.
 * The same calls give the same octets. Not thread-safe.
 */
public final class ClientHelloBuilder {
    private static final int PADDING = 21;
    private static final int PRE_SHARED_KEY = 41;
    private static final int EARLY_DATA = 42;
    private static final int ECH = 0xfe0d;
    private static final int ESNI = 0xffce;
    private static final int X25519 = 0x1d;
    private static final int X25519_MLKEM768 = 0x11ec;
    private static final int MLKEM768_SHARE = 1216;
    private static final int GREASE = 0x0a0a;
    private static final int FIRST_UNASSIGNED = 0x4000;

    private final SplittableRandom random = new SplittableRandom(7);
    private final ServerNameExtension name = new ServerNameExtension();
    private final List<HelloExtension> more = new ArrayList<>();
    private final List<HelloExtension> last = new ArrayList<>();
    private final List<Integer> duplicated = new ArrayList<>();
    private int handshakeType = 1;
    private @Nullable Integer handshakeLength;
    private int handshakeLengthDelta;
    private int legacyVersion = 0x0303;
    private int sessionIdLength = 32;
    private int ciphers = 4;
    private byte[] compression = {0};
    private boolean extensions = true;
    private int extensionsLengthDelta;
    private byte[] trailing = {};
    private int @Nullable [] versions = {0x0304, 0x0303};
    private int @Nullable [] groups = {X25519, 0x17};
    private int @Nullable [] shares = {X25519};
    private boolean grease;
    private boolean nameLast;
    private int paddedTo;

    /** A hello like a browser's, for TLS 1.3 and 1.2, that names {@code sni}. */
    public static ClientHelloBuilder to(String sni) {
        return withoutSni().sni(sni);
    }

    public static ClientHelloBuilder withoutSni() {
        return new ClientHelloBuilder();
    }

    /** One host_name more, its characters written as ISO 8859-1. */
    public ClientHelloBuilder sni(String hostName) {
        return sni(hostName.getBytes(StandardCharsets.ISO_8859_1));
    }

    public ClientHelloBuilder sni(byte[] hostName) {
        name.add(hostName);
        return this;
    }

    /** The server_name extension's data as it is. */
    public ClientHelloBuilder sniRaw(byte[] data) {
        name.raw(data);
        return this;
    }

    /** The type of each name in place of 0, host_name. */
    public ClientHelloBuilder sniType(int type) {
        name.nameType(type);
        return this;
    }

    /** What server_name_list claims as its length. */
    public ClientHelloBuilder sniListLength(int length) {
        name.listLength(length);
        return this;
    }

    /** A second server_name extension behind all others. */
    public ClientHelloBuilder duplicateSni(String hostName) {
        last.add(name.duplicate(hostName));
        return this;
    }

    /** Repeats an extension that is there, with the same data. */
    public ClientHelloBuilder duplicateExtension(int type) {
        duplicated.add(type);
        return this;
    }

    /** Puts server_name behind the other extensions. */
    public ClientHelloBuilder sniLast() {
        nameLast = true;
        return this;
    }

    public ClientHelloBuilder withoutExtensions() {
        extensions = false;
        return this;
    }

    /** Any extension, in front of padding. */
    public ClientHelloBuilder extension(int type, byte[] data) {
        more.add(new HelloExtension(type, data));
        return this;
    }

    /** Makes the extension block claim more or less than it has. */
    public ClientHelloBuilder extensionsLengthDelta(int delta) {
        extensionsLengthDelta = delta;
        return this;
    }

    /** What the handshake header claims as the length of its body. */
    public ClientHelloBuilder handshakeLength(int length) {
        handshakeLength = length;
        return this;
    }

    public ClientHelloBuilder handshakeLengthDelta(int delta) {
        handshakeLengthDelta = delta;
        return this;
    }

    public ClientHelloBuilder handshakeType(int type) {
        handshakeType = type;
        return this;
    }

    public ClientHelloBuilder sessionIdLength(int length) {
        sessionIdLength = length;
        return this;
    }

    /** The compression methods in place of the single 0. */
    public ClientHelloBuilder compression(byte... methods) {
        compression = methods.clone();
        return this;
    }

    /** Octets behind the extensions, within the message. */
    public ClientHelloBuilder trailing(byte... octets) {
        trailing = octets.clone();
        return this;
    }

    public ClientHelloBuilder legacyVersion(int version) {
        legacyVersion = version;
        return this;
    }

    /** What supported_versions lists; none leaves the extension out. */
    public ClientHelloBuilder versions(int... list) {
        versions = list.length == 0 ? null : list.clone();
        return this;
    }

    public ClientHelloBuilder withoutKeyShare() {
        shares = null;
        return this;
    }

    /** An empty key_share, which asks for a HelloRetryRequest. */
    public ClientHelloBuilder emptyKeyShare() {
        shares = new int[0];
        return this;
    }

    public ClientHelloBuilder withoutGroups() {
        groups = null;
        return this;
    }

    public ClientHelloBuilder groups(int... list) {
        groups = list.clone();
        return this;
    }

    /** X25519MLKEM768 first, with its share of 1216 octets. */
    public ClientHelloBuilder postQuantum() {
        groups = new int[] {X25519_MLKEM768, X25519, 0x17};
        shares = new int[] {X25519_MLKEM768, X25519};
        return this;
    }

    /** GREASE (RFC 8701) in cipher suites, extensions, groups, key shares and versions. */
    public ClientHelloBuilder grease() {
        grease = true;
        return this;
    }

    /** encrypted_client_hello of the outer form; real and GREASE look alike (RFC 9849 sections 5 and 6.2). */
    public ClientHelloBuilder ech(int payloadLength) {
        return extension(
                ECH,
                new OctetWriter()
                        .u8(0)
                        .u16(1)
                        .u16(1)
                        .u8(0x42)
                        .vector16(randomOctets(32))
                        .vector16(randomOctets(payloadLength))
                        .toArray());
    }

    /** The encrypted name of the drafts before ECH. */
    public ClientHelloBuilder esni(int payloadLength) {
        return extension(ESNI, randomOctets(payloadLength));
    }

    public ClientHelloBuilder alpn(String... protocols) {
        OctetWriter list = new OctetWriter();
        for (String protocol : protocols) {
            list.vector8(protocol.getBytes(StandardCharsets.ISO_8859_1));
        }
        return extension(16, new OctetWriter().vector16(list.toArray()).toArray());
    }

    /** So many empty extensions of types that mean nothing. */
    public ClientHelloBuilder manyExtensions(int count) {
        for (int i = 0; i < count; i++) {
            extension(FIRST_UNASSIGNED + i, new byte[0]);
        }
        return this;
    }

    public ClientHelloBuilder ciphers(int count) {
        ciphers = count;
        return this;
    }

    /** Adds padding (RFC 7685) up to a length of the whole message, header included. */
    public ClientHelloBuilder padTo(int messageLength) {
        paddedTo = messageLength;
        return this;
    }

    /** Offers early data and a ticket of so many octets, the last extension as it must be. */
    public ClientHelloBuilder earlyData(int ticketLength) {
        byte[] identity = new OctetWriter()
                .vector16(randomOctets(ticketLength))
                .u16(0)
                .u16(1)
                .toArray();
        byte[] binder = new OctetWriter().vector8(randomOctets(32)).toArray();
        extension(EARLY_DATA, new byte[0]);
        last.add(new HelloExtension(
                PRE_SHARED_KEY,
                new OctetWriter().vector16(identity).vector16(binder).toArray()));
        return this;
    }

    /** The handshake message, header included. */
    public byte[] message() {
        OctetWriter body = new OctetWriter().u16(legacyVersion).octets(randomOctets(32));
        body.vector8(randomOctets(sessionIdLength));
        body.vector16(cipherSuites());
        body.vector8(compression);
        if (extensions) {
            byte[] block = extensionBlock(body.size());
            body.u16(block.length + extensionsLengthDelta).octets(block);
        }
        body.octets(trailing);
        int claimed = handshakeLength == null ? body.size() + handshakeLengthDelta : handshakeLength;
        return new OctetWriter()
                .u8(handshakeType)
                .u24(claimed)
                .octets(body.toArray())
                .toArray();
    }

    /** The message in as few records as it takes. */
    public byte[] records() {
        return new RecordSplitter().split(message());
    }

    private byte[] cipherSuites() {
        int[] known = {0x1301, 0x1302, 0x1303, 0xc02f};
        OctetWriter suites = new OctetWriter();
        if (grease) {
            suites.u16(GREASE);
        }
        for (int i = 0; i < ciphers; i++) {
            suites.u16(i < known.length ? known[i] : 0xd000 + (i & 0xfff));
        }
        return suites.toArray();
    }

    private byte[] extensionBlock(int before) {
        List<HelloExtension> all = new ArrayList<>();
        if (grease) {
            all.add(new HelloExtension(GREASE, new byte[0]));
        }
        if (name.isPresent() && !nameLast) {
            all.add(name.build());
        }
        addStandard(all);
        all.addAll(more);
        if (name.isPresent() && nameLast) {
            all.add(name.build());
        }
        for (int type : duplicated) {
            all.addAll(all.stream().filter(one -> one.type() == type).limit(1).toList());
        }
        int size = 4
                + before
                + 2
                + all.stream().mapToInt(HelloExtension::size).sum()
                + last.stream().mapToInt(HelloExtension::size).sum();
        if (paddedTo > size + 4) {
            // Behind a padding that comes last a name would not be last, which is where tests want it.
            all.addFirst(new HelloExtension(PADDING, new byte[paddedTo - size - 4]));
        }
        all.addAll(last);
        OctetWriter block = new OctetWriter();
        all.forEach(one -> one.writeTo(block));
        return block.toArray();
    }

    private void addStandard(List<HelloExtension> all) {
        all.add(new HelloExtension(23, new byte[0]));
        if (groups != null) {
            all.add(new HelloExtension(
                    10, new OctetWriter().vector16(numbers(groups)).toArray()));
        }
        all.add(new HelloExtension(13, new byte[] {0, 4, 4, 3, 8, 4}));
        if (versions != null) {
            all.add(new HelloExtension(
                    43, new OctetWriter().vector8(numbers(versions)).toArray()));
        }
        if (shares != null) {
            all.add(new HelloExtension(
                    51, new OctetWriter().vector16(keyShares(shares)).toArray()));
        }
    }

    private byte[] numbers(int[] values) {
        OctetWriter list = new OctetWriter();
        if (grease) {
            list.u16(GREASE);
        }
        for (int value : values) {
            list.u16(value);
        }
        return list.toArray();
    }

    private byte[] keyShares(int[] wanted) {
        OctetWriter list = new OctetWriter();
        if (grease && wanted.length > 0) {
            list.u16(GREASE).vector16(new byte[] {0});
        }
        for (int group : wanted) {
            list.u16(group).vector16(randomOctets(group == X25519_MLKEM768 ? MLKEM768_SHARE : 32));
        }
        return list.toArray();
    }

    private byte[] randomOctets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }
}
