package dev.exeat.control.remote;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last good objects on disk: a line that tells format, version, time, number and checksum of what follows, then an
 * object a line. The file is there whole or not at all, and its owner's alone. Not thread-safe.
 */
final class KeptObjects {
    static final String FILE = "objects.jsonl";
    private static final int FORMAT = 1;
    private static final Logger LOG = LoggerFactory.getLogger(KeptObjects.class);

    private final Path file;

    KeptObjects(Path dataDir) {
        this.file = dataDir.resolve(FILE);
    }

    /** @param at when the server last confirmed it */
    record Kept(ObjectSet objects, Instant at) {}

    /** What is to be written: taken together, written later. */
    record Content(String history, long version, List<RemoteObject> objects, Instant at) {
        static Content of(ObjectSet set, Instant at) {
            return new Content(set.history(), set.version(), List.copyOf(set.objects()), at);
        }
    }

    /** What was written last; empty where there is nothing, or nothing that is whole, which the log then says. */
    Optional<Kept> read() {
        try (InputStream in = Files.newInputStream(file)) {
            Lines lines = new Lines(in);
            byte[] line = lines.next();
            JsonNode head = JsonMapper.shared().readTree(line == null ? new byte[0] : line);
            if (head.path("format").asInt(0) != FORMAT) {
                throw new IOException("its format is not one that this program knows");
            }
            ObjectSet set = new ObjectSet(
                    head.path("history").asString(""),
                    head.path("resource_version").asLong(0));
            MessageDigest sum = sha256();
            int count = 0;
            for (line = lines.next(); line != null; line = lines.next()) {
                add(sum, line);
                set.put(RemoteObject.of(line));
                count++;
            }
            String digest = HexFormat.of().formatHex(sum.digest());
            if (count != head.path("objects").asInt(-1)
                    || !digest.equals(head.path("sha256").asString(""))) {
                throw new IOException("its checksum is wrong");
            }
            return Optional.of(new Kept(set, Instant.parse(head.path("at").asString(""))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException | FeedException | DateTimeException e) {
            LOG.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("problem", e.getMessage())
                    .log("the objects that were kept cannot be used");
            return Optional.empty();
        }
    }

    /** Puts a set in place of the last one. */
    void write(Content content) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
        Path staged = Files.createTempFile(
                directory,
                FILE,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024)) {
                line(out, head(content));
                for (RemoteObject object : content.objects()) {
                    line(out, object.json());
                }
                out.flush();
                channel.force(true);
            }
            Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(staged);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static byte[] head(Content content) {
        return JsonMapper.shared()
                .writeValueAsBytes(JsonMapper.shared()
                        .createObjectNode()
                        .put("format", FORMAT)
                        .put("history", content.history())
                        .put("resource_version", content.version())
                        .put("at", content.at().toString())
                        .put("objects", content.objects().size())
                        .put("sha256", sum(content.objects())));
    }

    private static String sum(Collection<RemoteObject> objects) {
        MessageDigest sum = sha256();
        objects.forEach(object -> add(sum, object.json()));
        return HexFormat.of().formatHex(sum.digest());
    }

    private static void add(MessageDigest sum, byte[] line) {
        sum.update(line);
        sum.update((byte) '\n');
    }

    private static void line(OutputStream out, byte[] line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
