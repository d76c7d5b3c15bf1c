package dev.exeat.control.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bounded length. Not thread-safe. */
final class Lines {
    /** More than the largest object that the API takes. */
    static final int LONGEST = 4 * 1024 * 1024;

    private final InputStream in;

    Lines(InputStream in) {
        this.in = new BufferedInputStream(in, 64 * 1024);
    }

    /**
     * The next line without its end; null at the end of the stream.
     *
     * @throws IOException if it is too long or cut short
     */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new IOException("a line was cut short");
            }
            if (line.size() == LONGEST) {
                throw new IOException("a line is longer than " + LONGEST + " octets");
            }
            line.write(octet);
        }
        return line.toByteArray();
    }
}
