package dev.exeat.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** HTTPS servers on loopback that answer in the place of the real sites. */
final class StandInSites implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Site, HttpsServer> servers = new LinkedHashMap<>();

    /** @param rootFile where the certificate that vouches for the sites is written */
    StandInSites(Path rootFile) throws IOException {
        StandInAuthority authority = new StandInAuthority();
        authority.writeRoot(rootFile);
        for (Site site : Site.ALL) {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(authority.contextFor(site.host())));
            server.createContext("/", exchange -> answer(exchange, site));
            server.setExecutor(threads);
            server.start();
            servers.put(site, server);
        }
    }

    private static void answer(HttpExchange exchange, Site site) throws IOException {
        String html = """
                <!DOCTYPE html>
                <html lang="%s">
                <head>
                <meta charset="utf-8">
                %s
                </head>
                <body>This page stands in for https://%s/.</body>
                </html>
                """.formatted(site.language(), site.titleTag(), site.host());
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The ports on 127.0.0.1, in the order of the story. */
    Map<Site, Integer> ports() {
        Map<Site, Integer> ports = new LinkedHashMap<>();
        servers.forEach((site, server) -> ports.put(site, server.getAddress().getPort()));
        return ports;
    }

    @Override
    public void close() {
        servers.values().forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
