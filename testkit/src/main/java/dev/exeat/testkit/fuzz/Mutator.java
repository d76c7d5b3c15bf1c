package dev.exeat.testkit.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Changes inputs at random: octets, bits, numbers that are off by a little, lengths that lie, words of the language,
 * parts that are cut, doubled, moved and taken from other inputs. The same random source gives the same changes. Not
 * thread-safe.
 */
public final class Mutator {
    private static final int MOST_CHANGES = 5;
    private static final byte[] INTERESTING = {0, 1, 2, 3, 4, 5, 16, 22, 32, 63, 64, 127, -128, -64, -2, -1};
    private static final char[] TEXT = " \t\r\n\"'\\:.,-_/%*[]{}()<>|&!=+#09azAZ\u0000\u007f".toCharArray();

    private final SplittableRandom random;
    private final List<byte[]> words;
    private final List<byte[]> corpus;
    private final int maxLength;

    /** @param corpus other inputs, which may grow meanwhile; not empty */
    Mutator(SplittableRandom random, List<byte[]> words, List<byte[]> corpus, int maxLength) {
        this.random = random;
        this.words = words;
        this.corpus = corpus;
        this.maxLength = maxLength;
    }

    /** One of its own, for a target that makes seeds. */
    public static Mutator of(long seed, List<byte[]> corpus) {
        return new Mutator(new SplittableRandom(seed), List.of(), corpus, Integer.MAX_VALUE);
    }

    /** A copy with one to five changes. */
    public byte[] mutate(byte[] input) {
        byte[] octets = input;
        for (int left = 1 + random.nextInt(MOST_CHANGES); left > 0; left--) {
            octets = change(octets);
        }
        return octets.length > maxLength ? Arrays.copyOf(octets, maxLength) : octets;
    }

    /** 0 to below the bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    public boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    public <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private byte[] change(byte[] input) {
        if (input.length == 0) {
            return pick(corpus);
        }
        int at = random.nextInt(input.length);
        return switch (random.nextInt(14)) {
            case 0 -> with(input, at, input[at] ^ (1 << random.nextInt(8)));
            case 1 -> with(input, at, random.nextInt(256));
            case 2 -> with(input, at, INTERESTING[random.nextInt(INTERESTING.length)]);
            case 3 -> with(input, at, input[at] + random.nextInt(-3, 4));
            case 4 -> lie(input, at);
            case 5, 6 -> splice(input, at, random.nextInt(4) == 0 ? span(input, at) : 0, word());
            case 7 -> splice(input, at, random.nextInt(1, 9), word());
            case 8 -> splice(input, at, span(input, at), new byte[0]);
            case 9 -> splice(input, at, 0, part(input));
            case 10 -> splice(input, at, span(input, at), part(input));
            case 11 -> splice(input, at, span(input, at), part(pick(corpus)));
            case 12 -> joined(input, at);
            default -> random.nextInt(6) == 0 ? Arrays.copyOf(input, at) : with(input, at, textOctet());
        };
    }

    private int textOctet() {
        return TEXT[random.nextInt(TEXT.length)];
    }

    private byte[] word() {
        if (!words.isEmpty() && random.nextInt(4) != 0) {
            return pick(words);
        }
        byte[] noise = new byte[1 + random.nextInt(4)];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (random.nextBoolean() ? textOctet() : random.nextInt(256));
        }
        return noise;
    }

    /** Mostly a short span from here, seldom any. */
    private int span(byte[] input, int at) {
        int left = input.length - at;
        return random.nextInt(4) == 0 ? random.nextInt(left + 1) : Math.min(left, 1 + random.nextInt(8));
    }

    private byte[] part(byte[] of) {
        if (of.length == 0) {
            return of;
        }
        int at = random.nextInt(of.length);
        return Arrays.copyOfRange(of, at, at + span(of, at));
    }

    /** The beginning of this input and the end of another. */
    private byte[] joined(byte[] input, int at) {
        byte[] other = pick(corpus);
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return splice(input, at, input.length - at, Arrays.copyOfRange(other, from, other.length));
    }

    /** A number of one to four octets, big-endian, becomes what is left, off by a little, or something large. */
    private byte[] lie(byte[] input, int at) {
        int width = Math.min(input.length - at, 1 + random.nextInt(4));
        int left = input.length - at - width;
        int value = switch (random.nextInt(4)) {
            case 0 -> left + random.nextInt(-2, 3);
            case 1 -> random.nextInt(left + 1);
            case 2 -> read(input, at, width) + random.nextInt(-4, 5);
            default -> (1 << random.nextInt(31)) - random.nextInt(2);
        };
        byte[] octets = input.clone();
        for (int i = width - 1; i >= 0; i--) {
            octets[at + i] = (byte) value;
            value >>= 8;
        }
        return octets;
    }

    private static int read(byte[] input, int at, int width) {
        int value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | (input[at + i] & 0xff);
        }
        return value;
    }

    private static byte[] with(byte[] input, int at, int octet) {
        byte[] octets = input.clone();
        octets[at] = (byte) octet;
        return octets;
    }

    private static byte[] splice(byte[] input, int at, int gone, byte[] added) {
        int after = Math.min(input.length, at + gone);
        byte[] octets = new byte[at + added.length + input.length - after];
        System.arraycopy(input, 0, octets, 0, at);
        System.arraycopy(added, 0, octets, at, added.length);
        System.arraycopy(input, after, octets, at + added.length, input.length - after);
        return octets;
    }
}
