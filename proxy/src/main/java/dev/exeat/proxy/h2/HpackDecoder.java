package dev.exeat.proxy.h2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes header blocks (RFC 7541). A library's decoder was tried, and it took an ill-formed {@code :authority} for the
 * end of the whole connection; here a block is only decoded, and what it means is judged elsewhere. Not thread-safe.
 */
final class HpackDecoder {
    /**
     * A decoded block.
     *
     * @param fields those that fit the limit
     * @param tooLarge whether there were more
     */
    record Block(List<HeaderField> fields, boolean tooLarge) {}

    private final HpackTable table = new HpackTable();
    private final int limit;

    /** @param limit the greatest size of a header list, as SETTINGS_MAX_HEADER_LIST_SIZE counts it */
    HpackDecoder(int limit) {
        this.limit = limit;
    }

    /** @throws H2Exception with COMPRESSION_ERROR if the block is malformed; the decoder is then of no more use */
    Block decode(ByteBuffer in) {
        List<HeaderField> fields = new ArrayList<>();
        int size = 0;
        boolean started = false;
        while (in.hasRemaining()) {
            int octet = in.get() & 0xff;
            if ((octet & 0xe0) == 0x20) {
                if (started) {
                    throw H2Exception.compression("a dynamic table size update behind a header field");
                }
                table.resize(integer(in, octet, 5));
                continue;
            }
            started = true;
            HeaderField field = field(in, octet);
            // Past the limit fields are decoded for the table's sake alone.
            size = Math.min(size + field.size(), limit + 1);
            if (size <= limit) {
                fields.add(field);
            }
        }
        return new Block(fields, size > limit);
    }

    private HeaderField field(ByteBuffer in, int octet) {
        if ((octet & 0x80) != 0) {
            return table.at(integer(in, octet, 7));
        }
        boolean indexed = (octet & 0x40) != 0;
        int index = integer(in, octet, indexed ? 6 : 4);
        String name = index == 0 ? string(in) : table.at(index).name();
        HeaderField field = new HeaderField(name, string(in));
        if (indexed) {
            table.add(field);
        }
        return field;
    }

    private static String string(ByteBuffer in) {
        if (!in.hasRemaining()) {
            throw H2Exception.compression("a header block that ends within a field");
        }
        int octet = in.get() & 0xff;
        int length = integer(in, octet, 7);
        if (length > in.remaining()) {
            throw H2Exception.compression("a header block that ends within a string");
        }
        if ((octet & 0x80) != 0) {
            return Huffman.decode(in, length);
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** RFC 7541 section 5.1; nothing here needs more than 21 bits, so longer forms are refused. */
    private static int integer(ByteBuffer in, int octet, int prefix) {
        int mask = (1 << prefix) - 1;
        int value = octet & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; shift <= 14; shift += 7) {
            if (!in.hasRemaining()) {
                break;
            }
            int next = in.get() & 0xff;
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw H2Exception.compression("a header block integer that is cut or too long");
    }
}
