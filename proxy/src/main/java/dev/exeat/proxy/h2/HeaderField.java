package dev.exeat.proxy.h2;

/** One field of a header list, with its octets as ISO 8859-1 characters. */
public record HeaderField(String name, String value) {
    /** RFC 7541 section 4.1. */
    int size() {
        return name.length() + value.length() + 32;
    }
}
