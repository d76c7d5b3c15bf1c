package dev.exeat.control.importing;

import dev.exeat.model.Cidr;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads the addresses of Squid's lists: {@code 10.0.0.0/8}, {@code 10.0.0.0/255.0.0.0}, {@code 10.0.0.1-10.0.0.9}. */
final class SquidBlocks {
    private static final int BITS = 32;

    private SquidBlocks() {}

    /** @throws InvalidNameException if the text is none of these */
    static List<Cidr> parse(String text) {
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash >= 0) {
            return span(number(text.substring(0, dash)), number(text.substring(dash + 1)));
        }
        if (slash >= 0 && text.indexOf('.', slash) >= 0) {
            int mask = (int) number(text.substring(slash + 1));
            int prefix = Integer.bitCount(mask);
            if (mask != (prefix == 0 ? 0 : -1 << (BITS - prefix))) {
                throw new InvalidNameException("the mask has gaps");
            }
            return List.of(Cidr.parse(text.substring(0, slash + 1) + prefix));
        }
        return List.of(Cidr.parse(text));
    }

    private static long number(String text) {
        IpAddress address = IpAddress.parse(text);
        if (!address.isV4()) {
            throw new InvalidNameException("spans are of IPv4 alone");
        }
        long number = 0;
        for (int i = 0; i < 4; i++) {
            number = (number << 8) | (address.octet(i) & 0xff);
        }
        return number;
    }

    private static List<Cidr> span(long first, long last) {
        if (last < first) {
            throw new InvalidNameException("the span ends before it begins");
        }
        List<Cidr> blocks = new ArrayList<>();
        for (long at = first; at <= last; ) {
            int free = at == 0 ? BITS : Math.min(BITS, Long.numberOfTrailingZeros(at));
            while (at + (1L << free) - 1 > last) {
                free--;
            }
            blocks.add(new Cidr(address(at), BITS - free));
            at += 1L << free;
        }
        return blocks;
    }

    private static IpAddress address(long number) {
        byte[] octets = new byte[4];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (number >> (BITS - 8 - 8 * i));
        }
        return IpAddress.of(octets);
    }
}
