package dev.exeat.testkit;

/** One extension of a ClientHello: its type and its data, which nothing checks. */
final class HelloExtension {
    private final int type;
    private final byte[] data;

    HelloExtension(int type, byte[] data) {
        this.type = type;
        this.data = data.clone();
    }

    int type() {
        return type;
    }

    /** Octets it takes in the message. */
    int size() {
        return 4 + data.length;
    }

    void writeTo(OctetWriter out) {
        out.u16(type).vector16(data);
    }
}
