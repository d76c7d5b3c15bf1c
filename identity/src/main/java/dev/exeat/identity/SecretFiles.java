package dev.exeat.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Files that hold keys and what rests on them: each is there whole or not at all, also after a power cut. */
final class SecretFiles {
    static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final int MAX_OCTETS = 4 * 1024 * 1024;

    private SecretFiles() {}

    /**
     * Makes the directory, with mode 0700, unless it is there.
     *
     * @throws IdentityStoreException if it cannot be made, or others may write in it and so put a key of theirs there
     */
    static void prepareDirectory(Path directory) {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                    || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IdentityStoreException("others may write in the directory " + directory
                        + " that holds private keys; close it: chmod go-w " + directory);
            }
        } catch (IOException e) {
            throw new IdentityStoreException("cannot make or read the directory " + directory + ": " + reason(e), e);
        }
    }

    /** Puts the content in place of what the file holds, if anything. */
    static void replace(Path file, byte[] content, Set<PosixFilePermission> permissions) {
        try {
            Path staged = stage(file, content, permissions);
            try {
                Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(staged);
            }
            syncDirectory(file);
        } catch (IOException e) {
            throw new IdentityStoreException("cannot write " + file + ": " + reason(e), e);
        }
    }

    /** Makes the file with the content unless it is there, in one step, so that of two processes one wins. */
    static void createIfAbsent(Path file, byte[] content, Set<PosixFilePermission> permissions) {
        try {
            Path staged = stage(file, content, permissions);
            try {
                Files.createLink(file, staged);
            } catch (FileAlreadyExistsException e) {
                return;
            } finally {
                Files.deleteIfExists(staged);
            }
            syncDirectory(file);
        } catch (IOException e) {
            throw new IdentityStoreException("cannot make " + file + ": " + reason(e), e);
        }
    }

    /** @throws IdentityStoreException if the file cannot be read, or is absurdly large */
    static byte[] read(Path file) {
        try {
            if (Files.size(file) > MAX_OCTETS) {
                throw new IdentityStoreException(file + " is larger than " + MAX_OCTETS + " octets");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IdentityStoreException("cannot read " + file + ": " + reason(e), e);
        }
    }

    /** @throws IdentityStoreException if anyone but the owner may read or write the file */
    static byte[] readSecret(Path file) {
        try {
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IdentityStoreException("others may read or write the private key " + file
                        + "; if nobody has, close it: chmod 600 " + file + "; if somebody may have, replace the key");
            }
        } catch (IOException e) {
            throw new IdentityStoreException("cannot read " + file + ": " + reason(e), e);
        }
        return read(file);
    }

    private static Path stage(Path file, byte[] content, Set<PosixFilePermission> permissions) throws IOException {
        Path staged = Files.createTempFile(
                parent(file), "." + file.getFileName(), ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            // Set here, because the process's umask cuts what createTempFile is asked for.
            Files.setPosixFilePermissions(staged, permissions);
            channel.force(true);
            return staged;
        } catch (IOException e) {
            Files.deleteIfExists(staged);
            throw e;
        }
    }

    static void syncDirectory(Path file) throws IOException {
        try (FileChannel directory = FileChannel.open(parent(file), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private static Path parent(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    static String reason(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return e instanceof FileSystemException f && f.getReason() != null ? kind + ", " + f.getReason() : kind;
    }
}
