package dev.exeat.control.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.exeat.flow.Exposition;
import dev.exeat.flow.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Serves {@code /livez}, {@code /readyz} and {@code /metrics} over plain HTTP on threads of its own, so that probes
 * are answered however busy the data plane is. GET and HEAD only. Uses the JDK's server, because a lone workload
 * proxy must start fast.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_EXCHANGES = 64;
    private static final int BACKLOG = 64;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final HttpServer server;
    private final Readiness readiness;
    private final Metrics metrics;

    private AdminServer(HttpServer server, Readiness readiness, Metrics metrics) {
        this.server = server;
        this.readiness = readiness;
        this.metrics = metrics;
    }

    private record Page(int status, String contentType, byte[] body) {
        static Page text(int status, String text) {
            return new Page(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Binds and serves.
     *
     * @param address port 0 picks a free one
     * @throws AdminServerException if the address can't be bound
     */
    public static AdminServer start(InetSocketAddress address, Readiness readiness, Metrics metrics) {
        limitJdkServer();
        try {
            HttpServer server = HttpServer.create(address, BACKLOG);
            AdminServer admin = new AdminServer(server, readiness, metrics);
            server.setExecutor(new BoundedThreads(MAX_EXCHANGES));
            server.createContext("/", admin::answer);
            server.start();
            return admin;
        } catch (IOException e) {
            throw new AdminServerException(
                    "cannot listen for --admin on " + address.getAddress().getHostAddress() + ":" + address.getPort()
                            + " (" + e.getMessage() + "); choose another port",
                    e);
        }
    }

    /** The JDK's server takes its limits from system properties alone, when its class is first used. */
    private static void limitJdkServer() {
        setUnlessSet("sun.net.httpserver.maxReqTime", "10");
        setUnlessSet("sun.net.httpserver.maxRspTime", "30");
        setUnlessSet("sun.net.httpserver.idleInterval", "30");
        setUnlessSet("jdk.httpserver.maxConnections", "256");
        // Head and body are two writes: without this each answer waits 40 ms for a delayed acknowledgement.
        setUnlessSet("sun.net.httpserver.nodelay", "true");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Page page = METHODS.contains(method)
                    ? page(exchange.getRequestURI().getPath(), accept(exchange))
                    : Page.text(405, "only GET and HEAD are served here");
            if (page.status() == 405) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            }
            exchange.getResponseHeaders().set("Content-Type", page.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean head = method.equals("HEAD");
            exchange.sendResponseHeaders(page.status(), head ? -1 : page.body().length);
            if (!head) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(page.body());
                }
            }
        }
    }

    private static String accept(HttpExchange exchange) {
        return String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of()));
    }

    private Page scraped(String accept) {
        Exposition exposition = metrics.scrape(accept);
        return new Page(200, exposition.contentType(), exposition.body());
    }

    private Page page(String path, String accept) {
        return switch (path) {
            case "/livez" -> Page.text(200, "ok");
            case "/readyz" -> ready();
            case "/metrics" -> scraped(accept);
            default -> Page.text(404, "there are /livez, /readyz and /metrics");
        };
    }

    private Page ready() {
        List<String> reasons = readiness.reasons();
        return reasons.isEmpty() ? Page.text(200, "ok") : Page.text(503, String.join("\n", reasons));
    }

    /** Stops at once; open exchanges are cut. */
    @Override
    public void close() {
        server.stop(0);
    }

    /** A virtual thread for each exchange, up to a number; what comes beyond it is refused. */
    private static final class BoundedThreads implements Executor {
        private final Semaphore free;

        BoundedThreads(int most) {
            this.free = new Semaphore(most);
        }

        @Override
        public void execute(Runnable exchange) {
            if (!free.tryAcquire()) {
                throw new RejectedExecutionException("too many requests at one time");
            }
            Thread.ofVirtual().name("exeat-admin").start(() -> {
                try {
                    exchange.run();
                } finally {
                    free.release();
                }
            });
        }
    }
}
