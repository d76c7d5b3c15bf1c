package dev.exeat.identity;

import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.fuzz.FuzzTarget;
import dev.exeat.testkit.fuzz.Mutator;
import dev.exeat.testkit.fuzz.Same;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chain that is taken fits the rules of a second judge, {@link SvidOracle}. An input is the certificates, each after
 * its length in two octets. A part of the inputs has its leaf changed within and signed anew by an authority.
 */
public final class SvidFuzz implements FuzzTarget {
    static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    static final TrustBundle BUNDLE = TrustBundle.fromPem("fuzz.test", FuzzKeys.pem("root.crt"))
            .with(TrustBundle.fromPem("other.test", FuzzKeys.pem("other.crt")));
    private static final List<PrivateKey> AUTHORITIES =
            List.of(FuzzKeys.key("root"), FuzzKeys.key("int"), FuzzKeys.key("other"), FuzzKeys.key("leaf"));

    private final SvidValidator validator =
            new SvidValidator(() -> BUNDLE, () -> Revocations.NONE, InstantSource.fixed(NOW));

    @Override
    public String name() {
        return "svid";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                chain("leaf-root"),
                chain("leaf-root", "root"),
                chain("leaf-int", "int"),
                chain("leaf-int", "int", "root"),
                chain("leaf-int"),
                chain("leaf-other"),
                chain("int"),
                chain("root"));
    }

    private static byte[] chain(String... names) {
        List<byte[]> ders = new ArrayList<>();
        for (String name : names) {
            ders.add(FuzzKeys.certificate(name));
        }
        return joined(ders);
    }

    private static byte[] joined(List<byte[]> ders) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] der : ders) {
            out.write(der.length >> 8);
            out.write(der.length);
            out.writeBytes(der);
        }
        return out.toByteArray();
    }

    private static List<byte[]> cut(byte[] input) {
        List<byte[]> ders = new ArrayList<>();
        for (int at = 0; at + 2 <= input.length; ) {
            int length = Math.min(input.length - at - 2, (input[at] & 0xff) << 8 | (input[at + 1] & 0xff));
            ders.add(Arrays.copyOfRange(input, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return ders;
    }

    @Override
    public byte[] mutate(byte[] input, Mutator mutator) {
        List<byte[]> ders = cut(input);
        if (ders.isEmpty() || mutator.oneIn(4)) {
            return mutator.mutate(input);
        }
        int which = mutator.below(ders.size());
        byte[] content = DerParts.first(ders.get(which));
        if (content == null || mutator.oneIn(3)) {
            ders.set(which, mutator.mutate(ders.get(which)));
        } else {
            ders.set(
                    which,
                    DerParts.signed(DerParts.mutatedWithin(content, mutator), mutator.pick(AUTHORITIES), mutator));
        }
        return joined(ders);
    }

    @Override
    public List<byte[]> tokens() {
        List<byte[]> tokens = new ArrayList<>(List.of(
                new byte[] {1, 1, -1},
                new byte[] {6, 3, 0x55, 0x1d, 0x0f},
                new byte[] {6, 3, 0x55, 0x1d, 0x11},
                new byte[] {6, 3, 0x55, 0x1d, 0x13},
                new byte[] {6, 3, 0x55, 0x1d, 0x25},
                new byte[] {6, 3, 0x55, 0x1d, 0x1e},
                new byte[] {3, 2, 1, 6},
                new byte[] {(byte) 0x86, 0x10},
                new byte[] {(byte) 0x82, 4}));
        for (String text : List.of("spiffe://fuzz.test/a", "spiffe://other.test/a", "/", "..", "%2f", "?", "#", ":1")) {
            tokens.add(text.getBytes(StandardCharsets.US_ASCII));
        }
        return tokens;
    }

    @Override
    public String feed(byte[] input) throws Exception {
        List<byte[]> chain = cut(input);
        SpiffeId id;
        try {
            id = validator.verify(chain, PeerRole.CLIENT).id();
        } catch (InvalidSvidException e) {
            Same.require("stands", validator.stillStands(chain, PeerRole.CLIENT, NOW), false);
            return e.kind() + " " + e.getMessage();
        }
        SvidOracle.requireSound(chain, id);
        Same.require(
                "again, from memory", validator.verify(chain, PeerRole.CLIENT).id(), id);
        Same.require("stands", validator.stillStands(chain, PeerRole.CLIENT, NOW), true);
        return "taken " + id.trustDomain() + " " + chain.size();
    }
}
