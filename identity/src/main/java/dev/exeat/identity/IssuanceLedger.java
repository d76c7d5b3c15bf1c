package dev.exeat.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record of every certificate that the authority has issued: JSON lines, only ever added to. A line is on the disk
 * before its certificate is handed out, so that whatever happens to the process, no certificate is missing here. A
 * last line that a crash tore stands for a certificate that nobody got. Thread-safe.
 */
final class IssuanceLedger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuanceLedger.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte LINE_END = '\n';

    private final Path file;
    private FileChannel channel;
    /** Where the last whole line ends. */
    private long length;

    private boolean damaged;
    private boolean suspended;

    /**
     * One line.
     *
     * @param serial hexadecimal
     * @param keySha256 of the SubjectPublicKeyInfo, hexadecimal
     */
    record Entry(Instant time, String id, String serial, Instant notAfter, String keySha256) {
        byte[] line() {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("time", time.toString());
            fields.put("id", id);
            fields.put("serial", serial);
            fields.put("not_after", notAfter.toString());
            fields.put("key_sha256", keySha256);
            return (JSON.writeValueAsString(fields) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    private IssuanceLedger(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws IdentityStoreException if the file cannot be used, or another process writes it */
    static IssuanceLedger open(Path file) {
        try {
            IssuanceLedger ledger = new IssuanceLedger(file, openChannel(file));
            try {
                ledger.endTornLine();
                SecretFiles.syncDirectory(file);
            } catch (IOException | RuntimeException e) {
                ledger.close();
                throw e;
            }
            return ledger;
        } catch (IOException e) {
            throw new IdentityStoreException("cannot open the ledger " + file + ": " + SecretFiles.reason(e), e);
        }
    }

    private static FileChannel openChannel(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(SecretFiles.OWNER_ONLY));
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // The same process has it open: told below like another one.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IdentityStoreException(
                "another authority issues from the ledger " + file + "; stop it, or use another data directory");
    }

    private void endTornLine() throws IOException {
        length = channel.size();
        if (length == 0) {
            return;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        channel.read(last, length - 1);
        if (last.get(0) != LINE_END) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .log("the last line of the ledger is torn by a crash; its certificate was never handed out");
            write(new byte[] {LINE_END});
        }
    }

    /**
     * Adds the entry and returns when it is on the disk.
     *
     * @throws IdentityStoreException if it could not be written; then the certificate must not be handed out
     */
    synchronized void append(Entry entry) {
        if (suspended) {
            throw new IdentityStoreException(
                    "another process takes over the ledger " + file + ", so no certificate is issued; try again");
        }
        try {
            if (damaged) {
                repair();
            }
            write(entry.line());
        } catch (IOException e) {
            damaged = true;
            throw new IdentityStoreException(
                    "cannot write the ledger " + file + ", so no certificate is issued: " + SecretFiles.reason(e), e);
        }
    }

    /** Lets another process write; nothing is added until {@link #resume}. */
    synchronized void suspend() {
        suspended = true;
        close();
    }

    /** @throws IdentityStoreException if another process writes it */
    synchronized void resume() {
        try {
            channel = openChannel(file);
            endTornLine();
            suspended = false;
        } catch (IOException e) {
            throw new IdentityStoreException("cannot open the ledger " + file + ": " + SecretFiles.reason(e), e);
        }
    }

    private void write(byte[] octets) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(octets);
        long at = length;
        while (left.hasRemaining()) {
            at += channel.write(left, at);
        }
        channel.force(true);
        length = at;
    }

    /** After a failed write or sync nothing is known of the octets after the last whole line: they go. */
    private void repair() throws IOException {
        channel.close();
        channel = openChannel(file);
        channel.truncate(length);
        channel.force(true);
        damaged = false;
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("cannot close the ledger");
        }
    }
}
