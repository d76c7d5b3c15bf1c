package dev.exeat.identity;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source whose bundle also holds the roots of other trust domains (SPIFFE Federation), each from a PEM file that is
 * read again when it changes. A file that is gone ends the trust in its domain; a broken one leaves the last good roots
 * in force. A domain's roots vouch for that domain alone, and never for the own one.
 */
public final class FederatedSvidSource implements SvidSource {
    private static final Logger LOG = LoggerFactory.getLogger(FederatedSvidSource.class);

    private final SvidSource own;
    private final Map<String, Path> files;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, TrustBundle> others = new HashMap<>();
    private final Map<String, String> problems = new HashMap<>();
    private final FilePoll poll;
    private volatile TrustBundle all;

    private FederatedSvidSource(SvidSource own, Map<String, Path> files) {
        this.own = own;
        this.files = Map.copyOf(files);
        files.forEach((domain, file) -> {
            others.put(domain, read(domain, file));
            if (!Files.exists(file)) {
                LOG.atWarn()
                        .addKeyValue("trust_domain", domain)
                        .addKeyValue("file", file)
                        .log("there is no bundle file; nobody of the trust domain is trusted");
            }
        });
        this.all = joined();
        own.onChange(this::ownChanged);
        this.poll = new FilePoll(List.copyOf(files.values()), this::reread);
    }

    /**
     * Reads the files.
     *
     * @param own the process's own source, which the caller closes
     * @param files the bundle of each trust domain; none of them the own one
     * @throws SvidUnavailableException if a file is there and broken, or for the own trust domain
     */
    public static FederatedSvidSource open(SvidSource own, Map<String, Path> files) {
        String domain = own.svid().id().trustDomain();
        if (files.containsKey(domain)) {
            throw new SvidUnavailableException(
                    domain + " is the own trust domain; its roots come with the SVID, not from a federated bundle",
                    false,
                    null);
        }
        try {
            return new FederatedSvidSource(own, files);
        } catch (InvalidBundleException | IdentityStoreException e) {
            throw new SvidUnavailableException("a federated bundle cannot be used: " + e.getMessage(), false, e);
        }
    }

    private static TrustBundle read(String domain, Path file) {
        if (!Files.exists(file)) {
            return TrustBundle.EMPTY;
        }
        String pem = new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1);
        return TrustBundle.federated(domain, pem);
    }

    private void ownChanged() {
        synchronized (this) {
            all = joined();
        }
        listeners.forEach(Runnable::run);
    }

    private void reread() {
        boolean changed = false;
        synchronized (this) {
            for (Map.Entry<String, Path> entry : files.entrySet()) {
                changed |= reread(entry.getKey(), entry.getValue());
            }
            if (changed) {
                all = joined();
            }
        }
        if (changed) {
            listeners.forEach(Runnable::run);
        }
    }

    private boolean reread(String domain, Path file) {
        TrustBundle read;
        try {
            read = read(domain, file);
            problems.remove(domain);
        } catch (InvalidBundleException | IdentityStoreException e) {
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(problems.put(domain, problem))) {
                LOG.atError()
                        .addKeyValue("trust_domain", domain)
                        .addKeyValue("problem", problem)
                        .log("the last good federated bundle stays in force");
            }
            return false;
        }
        boolean changed = !read.equals(others.put(domain, read));
        if (changed) {
            LOG.atInfo()
                    .addKeyValue("trust_domain", domain)
                    .addKeyValue("roots", read.roots(domain).size())
                    .log("a changed federated bundle is in force");
        }
        return changed;
    }

    /** All bundles; a domain that shares a root's key with another has none, since nobody could say whose it is. */
    private TrustBundle joined() {
        TrustBundle joined = own.bundle();
        for (Map.Entry<String, TrustBundle> other : others.entrySet()) {
            if (joined.sharesKeyWith(other.getValue())) {
                LOG.atError()
                        .addKeyValue("trust_domain", other.getKey())
                        .log("the federated bundle has a root of another trust domain; nobody of it is trusted");
            } else {
                joined = other.getValue().with(joined);
            }
        }
        return joined;
    }

    @Override
    public Svid svid() {
        return own.svid();
    }

    @Override
    public TrustBundle bundle() {
        return all;
    }

    @Override
    public Revocations revocations() {
        return own.revocations();
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Ends the watching of the files; the own source is not closed. */
    @Override
    public void close() {
        poll.close();
    }
}
