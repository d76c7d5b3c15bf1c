package dev.exeat.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server_name extension (RFC 6066 section 3) with as many names and lies as wanted. Not thread-safe. */
final class ServerNameExtension {
    static final int TYPE = 0;

    private final List<byte[]> names = new ArrayList<>();
    private int nameType;
    private @Nullable Integer listLength;
    private byte @Nullable [] raw;

    void add(byte[] name) {
        names.add(name.clone());
    }

    void clear() {
        names.clear();
        raw = null;
    }

    void nameType(int type) {
        nameType = type;
    }

    void listLength(int length) {
        listLength = length;
    }

    void raw(byte[] data) {
        raw = data.clone();
    }

    boolean isPresent() {
        return raw != null || !names.isEmpty();
    }

    HelloExtension build() {
        return new HelloExtension(TYPE, raw == null ? list(names) : raw);
    }

    /** A second extension with one good name. */
    HelloExtension duplicate(String name) {
        return new HelloExtension(
                TYPE,
                new OctetWriter()
                        .vector16(entry(0, name.getBytes(StandardCharsets.ISO_8859_1)))
                        .toArray());
    }

    private byte[] list(List<byte[]> all) {
        OctetWriter entries = new OctetWriter();
        for (byte[] name : all) {
            entries.octets(entry(nameType, name));
        }
        return new OctetWriter()
                .u16(listLength == null ? entries.size() : listLength)
                .octets(entries.toArray())
                .toArray();
    }

    private static byte[] entry(int type, byte[] name) {
        return new OctetWriter().u8(type).vector16(name).toArray();
    }
}
