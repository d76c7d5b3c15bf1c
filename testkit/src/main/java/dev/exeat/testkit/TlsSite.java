package dev.exeat.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/**
 * A real HTTPS site (HTTP/1.1 over TLS 1.2 and 1.3) with a certificate of its own. It serves given pages,
 * {@code GET /bytes/N} (N deterministic octets, their SHA-256 in {@code x-sha256}) and {@code POST /upload} (answers
 * with the count and SHA-256 of the body), and keeps a list of requests. Thread-safe.
 */
public final class TlsSite implements AutoCloseable {
    private final HttpsServer server;
    private final ExecutorService workers;
    private final Map<String, String> pages;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    /**
     * @param sni the name in the client's hello, or ""
     * @param tls the negotiated protocol, such as {@code TLSv1.3}
     */
    public record Request(String sni, String host, String method, String path, String tls) {}

    private TlsSite(HttpsServer server, Map<String, String> pages) {
        this.server = server;
        this.pages = Map.copyOf(pages);
        this.workers = Executors.newVirtualThreadPerTaskExecutor();
    }

    /**
     * Starts a site.
     *
     * @param address where to listen; port 0 picks a free one
     * @param names DNS names or addresses for the certificate
     * @param pages bodies by path ({@code /wiki/Main_Page}), or by host and path ({@code en.test/wiki/Main_Page}),
     *     which goes first
     */
    public static TlsSite start(InetSocketAddress address, TestPki pki, List<String> names, Map<String, String> pages) {
        try {
            HttpsServer server = HttpsServer.create(address, 128);
            server.setHttpsConfigurator(new HttpsConfigurator(pki.serverContext(names)));
            TlsSite site = new TlsSite(server, pages);
            server.createContext("/", site::handle);
            server.setExecutor(site.workers);
            server.start();
            return site;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a site on " + address, e);
        }
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    public int port() {
        return address().getPort();
    }

    /** All requests so far, oldest first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String host = hostOf(exchange);
            requests.add(new Request(
                    sniOf(exchange),
                    host,
                    exchange.getRequestMethod(),
                    path,
                    ((HttpsExchange) exchange).getSSLSession().getProtocol()));
            if (path.startsWith("/bytes/")) {
                sendOctets(exchange, Long.parseLong(path.substring("/bytes/".length())));
            } else if (path.equals("/upload")) {
                sendDigestOfBody(exchange);
            } else {
                String page = pages.getOrDefault(host + path, pages.get(path));
                sendPage(exchange, page == null ? 404 : 200, page == null ? "no such page\n" : page);
            }
        }
    }

    private static void sendPage(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "text/html; charset=utf-8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void sendOctets(HttpExchange exchange, long count) throws IOException {
        exchange.getResponseHeaders().set("x-sha256", SampleOctets.sha256(count));
        exchange.getResponseHeaders().set("content-type", "application/octet-stream");
        exchange.sendResponseHeaders(200, count == 0 ? -1 : count);
        try (OutputStream body = exchange.getResponseBody()) {
            SampleOctets.write(body, count);
        }
    }

    private static void sendDigestOfBody(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            OctetTally tally = new OctetTally();
            byte[] chunk = new byte[16 * 1024];
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                tally.add(chunk, n);
            }
            sendPage(exchange, 200, tally.count() + " " + tally.sha256() + "\n");
        }
    }

    private static String hostOf(HttpExchange exchange) {
        String host = exchange.getRequestHeaders().getFirst("host");
        return host == null ? "" : host.replaceFirst(":\\d+$", "");
    }

    private static String sniOf(HttpExchange exchange) {
        if (((HttpsExchange) exchange).getSSLSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }
}
