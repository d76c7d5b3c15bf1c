package dev.exeat.control.lab;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Cuts what a program prints into the lines of a log. Used by one thread. */
final class LineCutter {
    private static final int LONGEST = 16 * 1024;

    private final PodLog log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineCutter(PodLog log) {
        this.log = log;
    }

    void take(byte[] octets, int length) {
        for (int i = 0; i < length; i++) {
            if (octets[i] == '\n' || line.size() == LONGEST) {
                flush();
            }
            if (octets[i] != '\n') {
                line.write(octets[i]);
            }
        }
    }

    /** The rest, if there is one, is a line too. */
    void end() {
        if (line.size() > 0) {
            flush();
        }
    }

    private void flush() {
        String text = line.toString(StandardCharsets.UTF_8);
        log.append(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
        line.reset();
    }
}
