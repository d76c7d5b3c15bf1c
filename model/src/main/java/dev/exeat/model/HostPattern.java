package dev.exeat.model;

import java.net.IDN;

/**
 * The one way in which any policy kind, the registry and every tool names hosts: an exact name, or {@code *.}
 * before a name, which stands for one or more labels and never for the name itself (the apex); {@code *} alone
 * covers every name. Immutable.
 *
 * @param suffix the exact name, or what follows {@code *.}; empty for {@code *}
 */
public record HostPattern(String suffix, boolean wildcard) {

    /**
     * Reads a pattern of a configuration; U-labels become A-labels by IDNA 2003, and are refused where later standards
     * make another name of them.
     *
     * @throws InvalidNameException if it is neither a name, {@code *.name} nor {@code *}
     */
    public static HostPattern parse(String text) {
        if (text.equals("*")) {
            return new HostPattern("", true);
        }
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        if (name.indexOf('*') >= 0) {
            throw new InvalidNameException("'*' may only stand alone or as the first label, as in *.example.com");
        }
        return new HostPattern(toName(name, wildcard), wildcard);
    }

    private static String toName(String name, boolean wildcard) {
        String ascii = name;
        if (!name.chars().allMatch(c -> c < 128)) {
            if (name.codePoints().anyMatch(HostPattern::isAmbiguous)) {
                throw new InvalidNameException("standards differ about which name this is: "
                        + "write it in A-labels, as its owner registered it (xn--...)");
            }
            try {
                ascii = IDN.toASCII(name);
            } catch (IllegalArgumentException e) {
                throw new InvalidNameException(
                        "it has characters that IDNA 2003 does not know (those newer than Unicode"
                                + " 3.2, and symbols): write it in A-labels (xn--...)");
            }
        }
        if (wildcard && ascii.indexOf('.') < 0) {
            // "*.test" is a legal pattern, although "test" alone is not a name that a client may ask for.
            return ServerName.parse("x." + ascii).value().substring(2);
        }
        return ServerName.parse(ascii).value();
    }

    /**
     * Whether IDNA 2003 (RFC 3490), which the JDK has, makes another name of a character than what clients use now (UTS #46
     * and IDNA 2008): as "ss" of a sharp s. The deviations, and what changed its mapping after Unicode 3.2 (UTS #46,
     * sections 6 and 7).
     */
    private static boolean isAmbiguous(int c) {
        return switch (c) {
            case 0x00DF, 0x1E9E, 0x03C2, 0x200C, 0x200D -> true;
            case 0x04C0, 0x2132, 0x2183, 0x2F868, 0x2F874, 0x2F91F, 0x2F95F, 0x2F9BF -> true;
            default -> c >= 0x10A0 && c <= 0x10C5;
        };
    }

    public boolean matches(ServerName name) {
        String value = name.value();
        if (!wildcard) {
            return value.equals(suffix);
        }
        if (suffix.isEmpty()) {
            return true;
        }
        int dot = value.length() - suffix.length() - 1;
        return dot > 0 && value.charAt(dot) == '.' && value.endsWith(suffix);
    }

    @Override
    public String toString() {
        if (!wildcard) {
            return suffix;
        }
        return suffix.isEmpty() ? "*" : "*." + suffix;
    }
}
