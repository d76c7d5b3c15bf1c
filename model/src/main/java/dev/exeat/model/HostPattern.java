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
     * Reads a pattern of a configuration; U-labels become A-labels.
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
            try {
                ascii = IDN.toASCII(name);
            } catch (IllegalArgumentException e) {
                throw new InvalidNameException("the internationalised name cannot be written as A-labels");
            }
        }
        if (wildcard && ascii.indexOf('.') < 0) {
            // "*.test" is a legal pattern, although "test" alone is not a name that a client may ask for.
            return ServerName.parse("x." + ascii).value().substring(2);
        }
        return ServerName.parse(ascii).value();
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
