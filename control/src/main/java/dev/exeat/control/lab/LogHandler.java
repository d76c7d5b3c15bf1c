package dev.exeat.control.lab;

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
        request.addIdleTimeoutListener(_ -> false); // Nothing may be logged for long.
        try {
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                write(log, first, new Form(query.flag("timestamps"), since), follow, out);
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

    private static void write(PodLog log, long first, Form form, boolean follow, OutputStream out)
            throws IOException, InterruptedException {
        long next = first;
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            for (PodLog.Line line : log.from(next)) {
                form.write(line, out);
                next = line.number() + 1;
            }
            out.flush();
            if (!follow || System.nanoTime() - end >= 0) {
                return;
            }
            if (!log.await(next, Duration.ofNanos(Math.max(1, end - System.nanoTime()))) && log.isEnded()) {
                return;
            }
        }
    }
}
