package dev.exeat.identity;

import java.util.Arrays;
import java.util.List;

/** A chain and the role it was judged for, as the key of a map: the same only if every octet is. */
final class ChainKey {
    private static final int HASHED = 16;
    private static final int SURROUNDINGS = 1024;

    private final byte[][] chain;
    private final PeerRole role;
    private final int hash;

    /** @param chainDer not empty; not changed afterwards */
    ChainKey(List<byte[]> chainDer, PeerRole role) {
        this.chain = chainDer.toArray(new byte[0][]);
        this.role = role;
        this.hash = hash(chain[0]);
    }

    /** A certificate ends with its signature, which is as good as random in each that an authority has signed. */
    private static int hash(byte[] leaf) {
        int hash = leaf.length;
        for (int i = Math.max(0, leaf.length - HASHED); i < leaf.length; i++) {
            hash = 31 * hash + leaf[i];
        }
        return hash;
    }

    /** About how many octets of memory it holds as a key. */
    int weight() {
        int weight = SURROUNDINGS;
        for (byte[] der : chain) {
            weight += der.length;
        }
        return weight;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainKey that
                && hash == that.hash
                && role == that.role
                && Arrays.deepEquals(chain, that.chain);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
