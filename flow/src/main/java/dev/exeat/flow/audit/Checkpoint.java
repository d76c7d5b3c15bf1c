package dev.exeat.flow.audit;

import dev.exeat.flow.RecordFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * How far a segment is sealed. Its line in a {@code .seal} file is one JSON object; the signature is of the line's octets
 * before {@code ,"signature":}.
 *
 * @param segment its number, from 1
 * @param previous the checkpoint that the first one of the segment goes on from, in an earlier segment; null where there was
 *     none
 * @param lines of the segment that are sealed so far
 * @param octets of those lines
 * @param hash SHA-256 of the segment's checkpoint before, or of its {@link #beginning}, and of the octets since
 * @param last whether the segment was ended in order
 * @param chainDer certificates of the signing key, the leaf first; empty where they are those of the checkpoint before
 */
public record Checkpoint(
        long segment,
        @Nullable Link previous,
        long lines,
        long octets,
        byte[] hash,
        Instant time,
        boolean last,
        List<byte[]> chainDer) {
    private static final HexFormat HEX = HexFormat.of();
    private static final String SIGNATURE = ",\"signature\":\"";
    private static final JsonFactory JSON = new JsonFactory();

    /** A checkpoint of another segment, by its hash in hexadecimal digits. */
    public record Link(long segment, String hash) {}

    /** One as it stands in a file. */
    record Signed(Checkpoint checkpoint, byte[] text, byte[] signature) {}

    public Checkpoint {
        chainDer = List.copyOf(chainDer);
    }

    Checkpoint with(List<byte[]> chain) {
        return new Checkpoint(segment, previous, lines, octets, hash, time, last, chain);
    }

    /** The hash in hexadecimal digits. */
    public String hexHash() {
        return HEX.formatHex(hash);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What the hash of a segment begins with, so that neither its number nor what it goes on from can be changed. */
    static byte[] beginning(long segment, @Nullable Link previous) {
        String text = "exeat audit segment 1\n" + segment + "\n"
                + (previous == null ? "-" : previous.segment() + " " + previous.hash()) + "\n";
        return sha256().digest(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What is signed. */
    byte[] text() {
        StringBuilder text = new StringBuilder("{\"version\":1,\"segment\":").append(segment);
        if (previous != null) {
            text.append(",\"previous_segment\":").append(previous.segment());
            text.append(",\"previous_hash\":\"").append(previous.hash()).append('"');
        }
        text.append(",\"lines\":").append(lines).append(",\"octets\":").append(octets);
        text.append(",\"hash\":\"").append(hexHash()).append("\",\"time\":\"").append(time);
        text.append("\",\"last\":").append(last);
        if (!chainDer.isEmpty()) {
            text.append(",\"certificates\":[");
            for (int i = 0; i < chainDer.size(); i++) {
                text.append(i == 0 ? "\"" : ",\"")
                        .append(base64(chainDer.get(i)))
                        .append('"');
            }
            text.append(']');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }

    /** The line of it, with its line feed. */
    static byte[] line(byte[] text, byte[] signature) {
        return (new String(text, StandardCharsets.UTF_8) + SIGNATURE + base64(signature) + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** @throws RecordFormatException if the line is none */
    static Signed read(String line) {
        int end = line.lastIndexOf(SIGNATURE);
        if (end < 0) {
            throw new RecordFormatException("it has no signature");
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            Fields fields = new Fields(parser);
            byte[] text = line.substring(0, end).getBytes(StandardCharsets.UTF_8);
            // Nothing may stand behind the signature, for it would not be signed.
            if (!(line + "\n").equals(new String(line(text, fields.signature), StandardCharsets.UTF_8))) {
                throw new IllegalArgumentException("octets that are not signed");
            }
            return new Signed(fields.checkpoint(), text, fields.signature);
        } catch (JacksonException | IOException | IllegalArgumentException | DateTimeException e) {
            throw new RecordFormatException("it cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /** Reads the members of a line. */
    private static final class Fields {
        private long version;
        private long segment;
        private long previousSegment;
        private String previousHash = "";
        private long lines = -1;
        private long octets = -1;
        private byte[] hash = {};
        private Instant time = Instant.EPOCH;
        private boolean last;
        private final List<byte[]> certificates = new ArrayList<>();
        private byte[] signature = {};

        Fields(JsonParser parser) throws IOException {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("no object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                take(name, parser);
            }
        }

        private void take(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "version" -> version = parser.getLongValue();
                case "segment" -> segment = parser.getLongValue();
                case "previous_segment" -> previousSegment = parser.getLongValue();
                case "previous_hash" -> previousHash = parser.getString();
                case "lines" -> lines = parser.getLongValue();
                case "octets" -> octets = parser.getLongValue();
                case "hash" -> hash = HEX.parseHex(parser.getString());
                case "time" -> time = Instant.parse(parser.getString());
                case "last" -> last = parser.getBooleanValue();
                case "certificates" -> {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        certificates.add(Base64.getDecoder().decode(parser.getString()));
                    }
                }
                case "signature" -> signature = Base64.getDecoder().decode(parser.getString());
                default -> throw new IllegalArgumentException("an unknown member");
            }
        }

        Checkpoint checkpoint() {
            if (version != 1 || segment < 1 || lines < 0 || octets < 0) {
                throw new IllegalArgumentException("not a checkpoint of version 1");
            }
            Link previous = previousSegment == 0 ? null : new Link(previousSegment, previousHash);
            return new Checkpoint(segment, previous, lines, octets, hash, time, last, certificates);
        }
    }
}
