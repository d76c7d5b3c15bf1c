package dev.exeat.identity;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a source gives at the moment, and who wants to know of a change. Thread-safe. */
final class SvidState {
    private static final Logger LOG = LoggerFactory.getLogger(SvidState.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Content content;

    /** What belongs together. */
    record Content(Svid svid, TrustBundle bundle, Revocations revocations) {}

    SvidState(Content content) {
        this.content = content;
    }

    Content content() {
        return content;
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Takes over what differs; what is equal stays the same object, by which caches know quickly that nothing changed. */
    void replace(Content next) {
        update(old -> new Content(
                next.svid,
                next.bundle.equals(old.bundle) ? old.bundle : next.bundle,
                next.revocations.equals(old.revocations) ? old.revocations : next.revocations));
    }

    /** Takes over another SVID with the bundle that came with it. */
    void replace(Svid svid, TrustBundle bundle) {
        replace(new Content(svid, bundle, content.revocations));
    }

    void replaceRevocations(Revocations next) {
        update(old -> new Content(old.svid, old.bundle, next));
    }

    /** Takes over what is trusted now, and tells nobody if that is nothing new. */
    void replaceTrust(TrustBundle bundle, Revocations revocations) {
        Content now = content;
        if (!bundle.equals(now.bundle) || !revocations.equals(now.revocations)) {
            replace(new Content(now.svid, bundle, revocations));
        }
    }

    private void update(UnaryOperator<Content> change) {
        synchronized (this) {
            content = change.apply(content);
        }
        tell();
    }

    private void tell() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a listener for changed SVIDs failed");
            }
        }
    }
}
