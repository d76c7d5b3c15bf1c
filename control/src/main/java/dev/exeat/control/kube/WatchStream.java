package dev.exeat.control.kube;

import dev.exeat.control.store.Change;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.ObjectWatch;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells a client what changes, event by event (Kubernetes API concepts, "Efficient detection of changes"): with
 * bookmarks, initial events and tables where it asks for them. Blocks the thread that writes.
 */
final class WatchStream {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration BOOKMARKS = Duration.ofSeconds(30);

    private final ObjectStore store;
    private final Objects objects;
    private final Tables tables;
    private final EventTexts texts = new EventTexts();

    WatchStream(ObjectStore store, Objects objects, Tables tables) {
        this.store = store;
        this.objects = objects;
        this.tables = tables;
    }

    /** A watch that has begun, so that what is wrong with it is known before the answer begins. */
    final class Started implements AutoCloseable {
        private final KubeRequest request;
        private final Predicate<ObjectNode> selected;
        private final @Nullable ObjectWatch watch;
        private final List<ObjectNode> initial;
        private final long initialVersion;
        private String gone = "";
        private volatile boolean writing;
        private volatile boolean ended;

        private Started(KubeRequest request) {
            this.request = request;
            this.selected = named(request, Selectors.of(request));
            long since = since(request);
            boolean list = request.flag("sendInitialEvents") || since == 0;
            Objects.Found found = list ? objects.list(request) : new Objects.Found(since, List.of(), "", -1);
            this.initial = found.objects();
            this.initialVersion = found.resourceVersion();
            this.watch = open(found.resourceVersion());
        }

        /** Null if the version is not kept any more: of this the client is told by an event, as at any later time. */
        private @Nullable ObjectWatch open(long version) {
            try {
                return store.watch(Objects.scope(request), version);
            } catch (StoreException e) {
                gone = String.valueOf(e.getMessage());
                return null;
            }
        }

        /** Whether it waits for the client to take something. */
        boolean isWriting() {
            return writing;
        }

        /** Writes events until the client's time is over or it is gone. */
        void write(EventSink out) throws IOException, InterruptedException {
            ObjectWatch changes = watch;
            if (changes == null) {
                line(out, "ERROR", KubeException.expired(gone).status());
                out.flush();
                return;
            }
            long end = System.nanoTime() + timeout(request).toNanos();
            long bookmark = System.nanoTime() + BOOKMARKS.toNanos();
            boolean bookmarks = request.flag("allowWatchBookmarks");
            writing = true;
            for (ObjectNode object : initial) {
                event(out, initialVersion, "ADDED", object);
            }
            if (request.flag("sendInitialEvents") && bookmarks) {
                bookmark(out, initialVersion, true);
            }
            out.flush();
            writing = false;
            for (long left = end - System.nanoTime(); left > 0 && !ended; left = end - System.nanoTime()) {
                Change change;
                try {
                    change = changes.next(Duration.ofNanos(Math.min(left, BOOKMARKS.toNanos())));
                } catch (StoreException e) {
                    line(
                            out,
                            "ERROR",
                            KubeException.expired(String.valueOf(e.getMessage()))
                                    .status());
                    return;
                }
                writing = true;
                if (change != null) {
                    tell(out, change);
                }
                if (bookmarks && System.nanoTime() - bookmark >= 0) {
                    bookmark = System.nanoTime() + BOOKMARKS.toNanos();
                    bookmark(out, changes.resourceVersion(), false);
                }
                if (!changes.hasMore()) {
                    out.flush();
                }
                writing = false;
            }
            out.flush();
        }

        /** For a selector an object comes when it begins to match, and goes when it no longer does. */
        private void tell(EventSink out, Change change) throws IOException {
            StoredObject previous = change.previous();
            boolean before = previous != null && selected.test(previous.body());
            boolean after = change.type() != Change.Type.DELETED
                    && selected.test(change.object().body());
            ObjectNode object = Objects.shown(request, change.object());
            if (after) {
                event(out, change.resourceVersion(), before ? "MODIFIED" : "ADDED", object);
            } else if (before) {
                event(out, change.resourceVersion(), "DELETED", object);
            }
        }

        private void event(EventSink out, long version, String type, ObjectNode object) throws IOException {
            if (request.wantsTable()) {
                String shown = object.at("/metadata/resourceVersion").asString("");
                line(out, type, tables.of(request.version(), List.of(object), shown));
            } else {
                out.event(texts.of(version, type, object));
            }
        }

        private void bookmark(EventSink out, long version, boolean initialEnd) throws IOException {
            ObjectNode object = JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", request.kind().name())
                    .put("apiVersion", request.kind().apiVersion(request.version()));
            ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
            if (initialEnd) {
                metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
            }
            line(out, "BOOKMARK", object);
        }

        /** Lets {@link #write} end soon, on whatever thread that is. */
        void end() {
            ended = true;
            close();
        }

        @Override
        public void close() {
            if (watch != null) {
                watch.close();
            }
        }
    }

    /** @throws KubeException if a parameter cannot be read */
    Started start(KubeRequest request) {
        return new Started(request);
    }

    private static Predicate<ObjectNode> named(KubeRequest request, Predicate<ObjectNode> selected) {
        return request.name().isEmpty()
                ? selected
                : selected.and(
                        object -> object.at("/metadata/name").asString("").equals(request.name()));
    }

    private static long since(KubeRequest request) {
        String version = request.parameter("resourceVersion");
        try {
            return version.isEmpty() ? 0 : Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("Invalid value: \"" + version + "\": resourceVersion");
        }
    }

    private static Duration timeout(KubeRequest request) {
        String seconds = request.parameter("timeoutSeconds");
        try {
            Duration asked = seconds.isEmpty() ? LONGEST : Duration.ofSeconds(Long.parseLong(seconds));
            return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
        } catch (NumberFormatException e) {
            throw KubeException.badRequest("Invalid value: \"" + seconds + "\": timeoutSeconds");
        }
    }

    private static void line(EventSink out, String type, ObjectNode object) throws IOException {
        out.event(EventTexts.of(type, object));
    }
}
