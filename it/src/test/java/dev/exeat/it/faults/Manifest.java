package dev.exeat.it.faults;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a client tells the upstream before its octets.
 *
 * @param id of the visit
 * @param up octets that the client sends
 * @param down octets that the upstream sends back after them
 */
record Manifest(long id, long up, long down) {
    void write(DataOutputStream out) throws IOException {
        out.writeLong(id);
        out.writeLong(up);
        out.writeLong(down);
        out.flush();
    }

    static Manifest read(DataInputStream in) throws IOException {
        return new Manifest(in.readLong(), in.readLong(), in.readLong());
    }

    long seedUp() {
        return id * 2;
    }

    long seedDown() {
        return id * 2 + 1;
    }
}
