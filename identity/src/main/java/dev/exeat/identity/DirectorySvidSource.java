package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SVID that someone else writes into a directory ({@link SvidFiles} has the names) and renews there. A change is in
 * force within a second; files that are broken or do not belong together leave the last good ones in force.
 */
public final class DirectorySvidSource implements SvidSource {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorySvidSource.class);

    private final Path directory;
    private final InstantSource clock;
    private final KeyMatch match;
    private final SvidState state;
    private final FilePoll poll;
    private String lastProblem = "";

    private DirectorySvidSource(Path directory, InstantSource clock, KeyMatch match) {
        this.directory = directory;
        this.clock = clock;
        this.match = match;
        this.state = new SvidState(read());
        this.poll = new FilePoll(SvidFiles.files(directory), this::reread);
    }

    /**
     * Reads the files.
     *
     * @param match judges the key, now and at each change
     * @throws SvidUnavailableException if they are not there, broken, expired, or do not belong together
     */
    public static DirectorySvidSource open(Path directory, InstantSource clock, KeyMatch match) {
        return new DirectorySvidSource(directory, clock, match);
    }

    private Content read() {
        Content content = SvidFiles.read(directory, match);
        if (clock.instant().isAfter(content.svid().notAfter())) {
            throw new SvidUnavailableException(
                    "the SVID in " + directory + " expired on " + content.svid().notAfter() + "; renew it", true, null);
        }
        return content;
    }

    private void reread() {
        Content next;
        try {
            next = read();
            lastProblem = "";
        } catch (SvidUnavailableException e) {
            if (!lastProblem.equals(e.getMessage())) {
                lastProblem = String.valueOf(e.getMessage());
                LOG.atError().addKeyValue("problem", lastProblem).log("the last good SVID and bundle stay in force");
            }
            return;
        }
        Content now = state.content();
        boolean changed = !sameChain(next.svid(), now.svid())
                || !next.bundle().equals(now.bundle())
                || !next.revocations().equals(now.revocations());
        if (changed) {
            state.replace(next);
            LOG.atInfo()
                    .addKeyValue("directory", directory)
                    .addKeyValue("id", next.svid().id())
                    .addKeyValue("not_after", next.svid().notAfter())
                    .log("changed SVID files are in force");
        }
    }

    private static boolean sameChain(Svid one, Svid two) {
        return Arrays.deepEquals(one.chainDer().toArray(), two.chainDer().toArray());
    }

    @Override
    public Svid svid() {
        return state.content().svid();
    }

    @Override
    public TrustBundle bundle() {
        return state.content().bundle();
    }

    @Override
    public Revocations revocations() {
        return state.content().revocations();
    }

    @Override
    public void onChange(Runnable listener) {
        state.onChange(listener);
    }

    @Override
    public void close() {
        poll.close();
    }
}
