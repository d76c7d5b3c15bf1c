package dev.exeat.identity;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PEM by the strict rules of RFC 7468: what stands outside the blocks is ignored, what stands inside must be exact. */
final class Pem {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String PUBLIC_KEY = "PUBLIC KEY";
    static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final int LINE = 64;

    private Pem() {}

    /** One block: its label and the octets that its Base64 stands for. */
    record Block(String label, byte[] der) {}

    static String encode(String label, byte[] der) {
        return BEGIN + label + DASHES + "\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der) + "\n" + END + label + DASHES
                + "\n";
    }

    static String encodeAll(String label, List<byte[]> ders) {
        StringBuilder text = new StringBuilder();
        for (byte[] der : ders) {
            text.append(encode(label, der));
        }
        return text.toString();
    }

    /** @throws IllegalArgumentException if a block does not end, or is not Base64; the message holds none of the text */
    static List<Block> decode(String text) {
        List<Block> blocks = new ArrayList<>();
        String label = null;
        StringBuilder body = new StringBuilder();
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (label == null) {
                label = labelOf(line);
                body.setLength(0);
            } else if (line.equals(END + label + DASHES)) {
                blocks.add(new Block(label, base64(body.toString())));
                label = null;
            } else if (line.startsWith(DASHES)) {
                throw new IllegalArgumentException("a PEM block does not end with the END line of its label");
            } else {
                body.append(line);
            }
        }
        if (label != null) {
            throw new IllegalArgumentException("a PEM block has no END line");
        }
        return blocks;
    }

    /** The octets of all blocks with the label, in order. */
    static List<byte[]> decode(String label, String text) {
        return decode(text).stream()
                .filter(b -> b.label().equals(label))
                .map(Block::der)
                .toList();
    }

    private static @Nullable String labelOf(String line) {
        return line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + DASHES.length()
                ? line.substring(BEGIN.length(), line.length() - DASHES.length())
                : null;
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a PEM block is not Base64", null);
        }
    }
}
