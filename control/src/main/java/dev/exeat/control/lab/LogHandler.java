package dev.exeat.control.lab;

import dev.exeat.control.kube.ClientPresence;
import dev.exeat.control.kube.KubeException;
import dev.exeat.control.kube.Subresource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers {@code GET pods/NAME/log}: the latest lines, and with {@code follow} those that come. */
final class LogHandler implements Subresource {
    private static final int MOST_FOLLOWERS = 64;
    /** As long as a kubelet keeps a stream open. */
    private static final Duration LONGEST = Duration.ofHours(4);

    private final PodFinder finder;
    private final InstantSource clock;
    private final Semaphore followers = new Semaphore(MOST_FOLLOWERS);

    LogHandler(PodFinder finder, InstantSource clock) {
        this.finder = finder;
        this.clock = clock;
    }

    @Override
    public void answer(Of object, Request request, Response response, Callback callback) throws InterruptedException {
        Query query = new Query(request);
        PodFinder.Found found = finder.find(object, query.text("container"));
        if (!request.getMethod().equals("GET")) {
            throw KubeException.badRequest("a log can only be read");
        }
        if (query.flag("previous")) {
            throw KubeException.badRequest("previous terminated container \"" + found.container() + "\" in pod \""
                    + found.name() + "\" not found");
        }
        LivePod live = found.live();
        if (live == null) {
            throw KubeException.badRequest("container \"" + found.container() + "\" in pod \"" + found.name()
                    + "\" is waiting to start: ContainerCreating");
        }
        PodLog log = live.log(found.container());
        boolean follow = query.flag("follow");
        long first = log.fromLast(query.number("tailLines", Long.MAX_VALUE));
        Instant since = since(query);
        if (follow && !followers.tryAcquire()) {
            throw KubeException.tooMany("there are too many logs followed at one time; try again later");
        }
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        try {
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                Reader reader = new Reader(log, new Form(query.flag("timestamps"), since), out);
                if (follow) {
                    follow(reader, first, request);
                } else {
                    reader.read(first);
                }
            }
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e); // The client is gone.
        } finally {
            if (follow) {
                followers.release();
            }
        }
    }

    private Instant since(Query query) {
        long seconds = query.number("sinceSeconds", 0);
        return seconds == 0 ? Instant.MIN : clock.instant().minusSeconds(Math.min(seconds, Integer.MAX_VALUE));
    }

    private record Form(boolean timestamps, Instant since) {
        void write(PodLog.Line line, OutputStream out) throws IOException {
            if (!line.time().isBefore(since)) {
                String text = (timestamps ? line.time() + " " : "") + line.text() + "\n";
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void follow(Reader reader, long first, Request request) throws IOException, InterruptedException {
        // Nothing may be logged for long; but a client that takes nothing of what was logged is given up.
        request.addIdleTimeoutListener(_ -> reader.isWriting());
        try (ClientPresence _ = ClientPresence.of(
                request.getConnectionMetaData().getConnection().getEndPoint(), reader::leave)) {
            reader.follow(first);
        }
    }

    /** Writes lines to one client. */
    private static final class Reader {
        private final PodLog log;
        private final Form form;
        private final OutputStream out;
        private volatile boolean writing;
        private volatile boolean gone;

        private Reader(PodLog log, Form form, OutputStream out) {
            this.log = log;
            this.form = form;
            this.out = out;
        }

        boolean isWriting() {
            return writing;
        }

        void leave() {
            gone = true;
            log.wake();
        }

        /** @return the number of the line that is next */
        long read(long first) throws IOException {
            long next = first;
            writing = true;
            for (PodLog.Line line : log.from(next)) {
                form.write(line, out);
                next = line.number() + 1;
            }
            out.flush();
            writing = false;
            return next;
        }

        void follow(long first) throws IOException, InterruptedException {
            long end = System.nanoTime() + LONGEST.toNanos();
            long next = read(first);
            while (!gone && System.nanoTime() - end < 0) {
                boolean more = log.await(next, Duration.ofNanos(Math.max(1, end - System.nanoTime())), () -> gone);
                if (!more && log.isEnded()) {
                    return;
                }
                next = read(next);
            }
        }
    }
}
