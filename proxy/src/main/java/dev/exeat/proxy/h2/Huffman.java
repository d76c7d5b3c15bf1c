package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;

/** The Huffman code of HPACK (RFC 7541 section 5.2 and appendix B), which is canonical: its lengths say all of it. */
final class Huffman {
    /** The length of each symbol's code in order, EOS last; 'A' stands for 5 bits. */
    private static final String LENGTHS = "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
            + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
            + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
            + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV"
            + "Z";

    private static final int MAX_BITS = 30;
    private static final int EOS = 256;
    /** By length: the first code, the index of its symbol, and how many codes there are. */
    private static final int[] FIRST_CODE = new int[MAX_BITS + 1];

    private static final int[] FIRST_INDEX = new int[MAX_BITS + 1];
    private static final int[] COUNT = new int[MAX_BITS + 1];
    private static final short[] SYMBOLS = new short[EOS + 1];

    static {
        int code = 0;
        int index = 0;
        for (int bits = 1; bits <= MAX_BITS; bits++) {
            code <<= 1;
            FIRST_CODE[bits] = code;
            FIRST_INDEX[bits] = index;
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (LENGTHS.charAt(symbol) - 'A' + 5 == bits) {
                    SYMBOLS[index++] = (short) symbol;
                    code++;
                }
            }
            COUNT[bits] = index - FIRST_INDEX[bits];
        }
    }

    private Huffman() {}

    /**
     * Decodes the next octets into characters 0 to 255.
     *
     * @throws H2Exception with COMPRESSION_ERROR if they hold EOS or end in a padding other than up to 7 bits of EOS
     */
    static String decode(ByteBuffer in, int length) {
        StringBuilder text = new StringBuilder(length * 8 / 5);
        int code = 0;
        int bits = 0;
        for (int i = 0; i < length; i++) {
            int octet = in.get();
            for (int shift = 7; shift >= 0; shift--) {
                code = (code << 1) | ((octet >> shift) & 1);
                bits++;
                if (bits > MAX_BITS) {
                    throw H2Exception.compression("a Huffman code that does not exist");
                }
                int offset = code - FIRST_CODE[bits];
                if (offset < COUNT[bits]) {
                    int symbol = SYMBOLS[FIRST_INDEX[bits] + offset];
                    if (symbol == EOS) {
                        throw H2Exception.compression("the Huffman symbol EOS");
                    }
                    text.append((char) symbol);
                    code = 0;
                    bits = 0;
                }
            }
        }
        if (bits > 7 || code != (1 << bits) - 1) {
            throw H2Exception.compression("a Huffman padding that is not of EOS");
        }
        return text.toString();
    }
}
