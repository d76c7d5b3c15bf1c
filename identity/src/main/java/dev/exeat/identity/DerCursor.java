package dev.exeat.identity;

import java.util.Arrays;

/**
 * Reads the elements of DER (X.690) one after another, without recursion, and takes nothing but single-octet tags and
 * definite, shortest lengths that end within their parent. Not thread-safe.
 */
final class DerCursor {
    static final int BOOLEAN = 0x01;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;

    private static final int CLASS_MASK = 0xc0;
    private static final int CONTEXT_CLASS = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final int TAG_MASK = 0x1f;

    private final byte[] octets;
    private final int end;
    private int position;

    /** Octets that are not the DER that was expected. */
    static final class MalformedDerException extends Exception {
        MalformedDerException() {
            super("malformed DER", null, false, false);
        }
    }

    /** One element: its tag octet and where its value lies. */
    record Element(byte[] octets, int tag, int start, int end) {
        boolean constructed() {
            return (tag & CONSTRUCTED) != 0;
        }

        /** The number of a context-specific tag, or -1 for any other. */
        int contextTag() {
            return (tag & CLASS_MASK) == CONTEXT_CLASS ? tag & TAG_MASK : -1;
        }

        byte[] value() {
            return Arrays.copyOfRange(octets, start, end);
        }

        DerCursor content() {
            return new DerCursor(octets, start, end);
        }
    }

    DerCursor(byte[] octets) {
        this(octets, 0, octets.length);
    }

    private DerCursor(byte[] octets, int start, int end) {
        this.octets = octets;
        this.position = start;
        this.end = end;
    }

    boolean hasNext() {
        return position < end;
    }

    Element next() throws MalformedDerException {
        int tag = octet();
        if ((tag & TAG_MASK) == TAG_MASK) {
            throw new MalformedDerException();
        }
        int length = length();
        if (length > end - position) {
            throw new MalformedDerException();
        }
        Element element = new Element(octets, tag, position, position + length);
        position += length;
        return element;
    }

    /** The content of the one element that is left, which must have the tag. */
    DerCursor enter(int tag) throws MalformedDerException {
        Element element = next();
        if (element.tag() != tag || hasNext()) {
            throw new MalformedDerException();
        }
        return element.content();
    }

    private int length() throws MalformedDerException {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw new MalformedDerException();
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | octet();
        }
        int shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        if (count != shortest) {
            throw new MalformedDerException();
        }
        return length;
    }

    private int octet() throws MalformedDerException {
        if (position >= end) {
            throw new MalformedDerException();
        }
        return octets[position++] & 0xff;
    }
}
