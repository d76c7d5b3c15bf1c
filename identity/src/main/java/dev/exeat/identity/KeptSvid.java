package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last SVID that a server issued, with whom the server trusted and what it had revoked, as files of a directory, so
 * that a start does not need the server while the SVID is valid. What cannot be kept is told in the log.
 */
public final class KeptSvid {
    /** The directory's name in a data directory. */
    public static final String DIRECTORY = "svid";

    private static final Logger LOG = LoggerFactory.getLogger(KeptSvid.class);

    private final Path directory;
    private final KeyMatch match;

    /** @param directory is made where there is none; the process's own */
    public KeptSvid(Path directory, KeyMatch match) {
        this.directory = directory;
        this.match = match;
    }

    void keep(Content content) {
        try {
            SvidFiles.write(directory, content.svid(), content.bundle());
            SecretFiles.replace(
                    directory.resolve(SvidFiles.REVOKED),
                    content.revocations().toText().getBytes(StandardCharsets.UTF_8),
                    SecretFiles.OWNER_ONLY);
        } catch (IdentityStoreException e) {
            LOG.atWarn()
                    .addKeyValue("problem", e.getMessage())
                    .log("the SVID is not kept on the disk; a start without the server will not be possible");
        }
    }

    /** What was kept, unless it is broken, incomplete or not valid now. */
    Optional<Content> read(InstantSource clock) {
        // It is written last, and not to know what is revoked is no state to serve in.
        if (!Files.exists(directory.resolve(SvidFiles.REVOKED))) {
            return Optional.empty();
        }
        try {
            Content kept = SvidFiles.read(directory, match);
            boolean valid = clock.instant().isBefore(kept.svid().notAfter());
            return valid ? Optional.of(kept) : Optional.empty();
        } catch (SvidUnavailableException | IdentityStoreException e) {
            LOG.atWarn().addKeyValue("problem", e.getMessage()).log("the SVID that was kept is of no use");
            return Optional.empty();
        }
    }
}
