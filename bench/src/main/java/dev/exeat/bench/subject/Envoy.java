package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Program;
import dev.exeat.bench.wire.AppTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Envoy with one worker. As a gateway that reads the name inside a tunnel it hands each tunnel to an internal listener,
 * which has the TLS inspector; or it does not look inside, which is less work than Exeat's and so a bound.
 */
public final class Envoy implements Subject {
    private static final String CONNECT_AUTHORITY = AppTls.HOST + ":443";

    private final Binary binary;
    private final boolean blind;
    private final Release release;

    /** @param blind whether it does without the name inside */
    Envoy(Binary binary, boolean blind) {
        this.binary = binary;
        this.blind = blind;
        this.release = new Release(
                binary.says(Pattern.compile("version: \\w+/([\\d.]+)"), "--version"),
                binary.says(Pattern.compile("version: .*/(\\w+)\\s*$", Pattern.MULTILINE), "--version"));
    }

    @Override
    public String name() {
        return blind ? "envoy-blind" : "envoy";
    }

    @Override
    public Release release() {
        return release;
    }

    @Override
    public boolean has(Door door) {
        return switch (door) {
            case MUTUAL_TLS, HTTP2 -> true;
            case PLAIN -> !blind;
            case CONNECT, CONNECT_TLS -> blind;
            case SOCKS5 -> false;
        };
    }

    @Override
    public Running start(Site site, Door door) {
        int port = Site.freePort();
        Path config = site.write(
                "envoy.yaml",
                Map.of(
                        "PORT",
                        String.valueOf(port),
                        "DOOR",
                        door(door, site),
                        "INSPECTOR",
                        door == Door.PLAIN ? inspector() : "[]",
                        "MATCH",
                        door == Door.PLAIN ? "{server_names: [\"" + AppTls.HOST + "\"]}" : "{}",
                        "TRANSPORT",
                        transport(door, site),
                        "LOG",
                        site.peerLogs() ? accessLog(site) : "[]"));
        Program program = site.measured(
                name(),
                binary.with(
                        "-c",
                        config.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "--log-level",
                        "error"));
        Duration startUp = program.awaitPort(port);
        return new Running(List.of(program), List.of(), door, port, CONNECT_AUTHORITY, startUp);
    }

    /** YAML reads JSON too, so that a piece can stand anywhere in it. */
    private String door(Door door, Site site) {
        String cluster = blind ? "app" : "inside";
        return switch (door) {
            // What is plain is looked into by the listener itself.
            case PLAIN -> tcpProxy("app", site, false);
            case MUTUAL_TLS -> tcpProxy(cluster, site, true);
            default -> connect(cluster, door == Door.HTTP2, site);
        };
    }

    private static String tcpProxy(String cluster, Site site, boolean mutualTls) {
        // Without it, it would dial before the client has proved itself; the inner listener waits by itself.
        String late = mutualTls && cluster.equals("app")
                ? ", upstream_connect_mode: ON_DOWNSTREAM_TLS_HANDSHAKE, max_early_data_bytes: 65536"
                : "";
        return """
                {name: envoy.filters.network.tcp_proxy, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: tcp, \
                cluster: %s, idle_timeout: 3600s, access_log: %s%s}}""".formatted(cluster, cluster.equals("app") && site.peerLogs() ? accessLog(site) : "[]", late);
    }

    private static String connect(String cluster, boolean http2, Site site) {
        String route = """
                {match: {connect_matcher: {}}, route: {cluster: %s, timeout: 0s, idle_timeout: 3600s, \
                upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}""".formatted(cluster);
        String hosts = "[\"" + CONNECT_AUTHORITY + "\"]";
        return """
                {name: envoy.filters.network.http_connection_manager, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, \
                stat_prefix: http, codec_type: %s, generate_request_id: false, %s \
                upgrade_configs: [{upgrade_type: CONNECT}], access_log: %s, \
                route_config: {name: all, virtual_hosts: [{name: app, domains: %s, routes: [%s]}]}, \
                http_filters: [{name: envoy.filters.http.router, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}""".formatted(
                        http2 ? "HTTP2" : "HTTP1",
                        http2 ? "http2_protocol_options: {allow_connect: true, max_concurrent_streams: 1000}," : "",
                        cluster.equals("app") && site.peerLogs() ? accessLog(site) : "[]",
                        hosts,
                        route);
    }

    private static String inspector() {
        return """
                [{name: envoy.filters.listener.tls_inspector, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}]""";
    }

    private static String transport(Door door, Site site) {
        if (door == Door.PLAIN || door == Door.CONNECT) {
            return "{name: envoy.transport_sockets.raw_buffer, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}";
        }
        return """
                {name: envoy.transport_sockets.tls, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, \
                require_client_certificate: true, common_tls_context: {%s \
                tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3}, \
                tls_certificates: [{certificate_chain: {filename: "%s"}, private_key: {filename: "%s"}}], \
                validation_context: {trusted_ca: {filename: "%s"}}}}}""".formatted(door == Door.HTTP2 ? "alpn_protocols: [h2]," : "", site.chain(), site.key(), site.roots());
    }

    private static String accessLog(Site site) {
        return """
                [{name: envoy.access_loggers.file, typed_config: {"@type": \
                type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: "%s/access.log", \
                log_format: {text_format_source: {inline_string: "%%START_TIME%% %%DOWNSTREAM_REMOTE_ADDRESS%% \
                %%REQUESTED_SERVER_NAME%% %%UPSTREAM_HOST%% %%BYTES_RECEIVED%% %%BYTES_SENT%% %%DURATION%% \
                %%RESPONSE_FLAGS%%\\n"}}}}]""".formatted(site.directory());
    }
}
