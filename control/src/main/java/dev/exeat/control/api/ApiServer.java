package dev.exeat.control.api;

import dev.exeat.identity.SvidSource;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Serves routes over TLS 1.2 and 1.3 with the process's own SVID, each request on a virtual thread. Bodies have at
 * most 64 KiB and arrive within 10 s, heads within 15 s; connections and requests at one time are bounded. Beside the
 * routes given there is {@code GET /livez} and {@code GET /readyz}.
 */
public final class ApiServer implements AutoCloseable {
    private static final int MAX_BODY = 64 * 1024;
    private static final int MAX_CONNECTIONS = 1024;
    private static final int MAX_REQUESTS = 512;
    private static final int MAX_HEADER = 16 * 1024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Deadlines DEADLINES = new Deadlines(Duration.ofSeconds(15), Duration.ofSeconds(10));

    private final Server server;
    private final ServerConnector connector;

    private ApiServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /**
     * Binds and serves.
     *
     * @param address port 0 picks a free one
     * @param identity gives the server's certificate anew at each handshake
     * @throws ApiServerException if the address can't be bound or TLS can't be set up
     */
    public static ApiServer start(InetSocketAddress address, SvidSource identity, List<Route> routes) {
        return start(address, identity, routes, DEADLINES);
    }

    /**
     * What is asked before the routes.
     *
     * @param clientRoot of the authority whose certificates clients may show
     */
    public record Objects(Handler handler, X509Certificate clientRoot) {}

    /**
     * How long clients may take to send.
     *
     * @param head with the handshake of TLS for the first one of a connection
     * @param body of the routes
     */
    record Deadlines(Duration head, Duration body) {}

    /** As {@link #start(InetSocketAddress, SvidSource, List)}, with objects. */
    public static ApiServer start(InetSocketAddress address, SvidSource identity, Objects objects, List<Route> routes) {
        return start(address, identity, objects, routes, DEADLINES);
    }

    static ApiServer start(InetSocketAddress address, SvidSource identity, List<Route> routes, Deadlines deadlines) {
        return start(address, identity, null, routes, deadlines);
    }

    private static ApiServer start(
            InetSocketAddress address,
            SvidSource identity,
            @Nullable Objects objects,
            List<Route> routes,
            Deadlines deadlines) {
        List<Route> all = new ArrayList<>(routes);
        for (String probe : List.of("/livez", "/readyz")) {
            all.add(new Route("GET", probe, request -> ApiResponse.text(200, "text/plain; charset=utf-8", "ok\n")));
        }
        VirtualThreadPool threads = new VirtualThreadPool(MAX_REQUESTS);
        threads.setName("exeat-api");
        Server server = new Server(threads);
        ServerConnector connector = connector(server, identity, objects);
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        List<Handler> handlers = new ArrayList<>();
        if (objects != null) {
            handlers.add(objects.handler());
        }
        handlers.add(new ApiHandler(new Routes(all), MAX_BODY, deadlines.body()));
        HeadDeadline heads = new HeadDeadline(new Handler.Sequence(handlers), deadlines.head());
        connector.addBean(heads, false);
        server.setHandler(heads);
        server.setErrorHandler(ApiServer::protocolError);
        try {
            server.start();
        } catch (Exception e) {
            stop(server);
            throw new ApiServerException(
                    "cannot serve --api on " + address.getAddress().getHostAddress() + ":" + address.getPort() + " ("
                            + (e.getCause() == null ? e : e.getCause()).getMessage() + "); choose another address",
                    e);
        }
        return new ApiServer(server, connector);
    }

    private static ServerConnector connector(Server server, SvidSource identity, @Nullable Objects objects) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER);
        // Without its check of host names: clients verify the SPIFFE ID, and may come by any name or address.
        http.addCustomizer(new SecureRequestCustomizer(false));
        SslConnectionFactory tls = new SslConnectionFactory(tls(identity, objects), "http/1.1");
        ServerConnector connector = new LivelyConnector(server, tls, new HttpConnectionFactory(http));
        connector.setIdleTimeout(IDLE.toMillis());
        return connector;
    }

    private static SslContextFactory.Server tls(SvidSource identity, @Nullable Objects objects) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] trust =
                    objects == null ? new TrustManager[0] : new TrustManager[] {new ClientTrust(objects.clientRoot())};
            context.init(new KeyManager[] {new ServerKey(identity)}, trust, null);
            SslContextFactory.Server factory = new SslContextFactory.Server();
            factory.setWantClientAuth(objects != null);
            factory.setSslContext(context);
            factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
            factory.setIncludeCipherSuites("TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_.*_(GCM|POLY1305)_.*");
            factory.setRenegotiationAllowed(false);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new ApiServerException("TLS for --api cannot be set up", e);
        }
    }

    /** Requests that break HTTP itself are answered in the same form as all others. */
    private static boolean protocolError(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        Object message = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        ApiException error = new ApiException(
                status,
                status >= 500 ? "internal_error" : "bad_request",
                message == null ? "the request cannot be served" : String.valueOf(message),
                "");
        ApiHandler.write(response, error.toResponse(), callback);
        return true;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }

    /** Stops at once; open requests are cut. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new ApiServerException("the API could not be stopped", e);
        }
    }
}
