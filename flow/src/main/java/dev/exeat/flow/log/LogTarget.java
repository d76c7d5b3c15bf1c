package dev.exeat.flow.log;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the lines of a log of connections go. */
public sealed interface LogTarget {
    /** The program's standard output. */
    record StandardOutput() implements LogTarget {}

    /** Appended to, and set aside by size where that is asked for. */
    record File(Path path) implements LogTarget {}

    /** A directory of segments in which no line can be changed unseen. */
    record Sealed(Path directory) implements LogTarget {}

    /** The socket of this machine's own syslog daemon, one datagram a line. */
    record SyslogSocket(Path path) implements LogTarget {}

    /** A syslog daemon that takes one datagram a line (RFC 5426). */
    record SyslogUdp(String host, int port) implements LogTarget {}

    /** A syslog daemon that takes a stream of counted lines (RFC 6587 section 3.4.1). */
    record SyslogTcp(String host, int port) implements LogTarget {}

    /** A collector's {@code /v1/logs} (OTLP over HTTP). */
    record Collector(URI logs) implements LogTarget {}

    String FORMS =
            "-, a file, sealed:DIR, syslog:unix:PATH, syslog:udp://HOST:PORT, syslog:tcp://HOST:PORT or otlp:http://HOST:PORT";

    /**
     * Reads one of {@link #FORMS}.
     *
     * @throws IllegalArgumentException if it is none; the message says what it may be
     */
    static LogTarget parse(String text) {
        if (text.equals("-")) {
            return new StandardOutput();
        }
        if (text.startsWith("sealed:") && text.length() > "sealed:".length()) {
            return new Sealed(Path.of(text.substring("sealed:".length())));
        }
        if (text.startsWith("syslog:")) {
            return syslog(text.substring("syslog:".length()), text);
        }
        if (text.startsWith("otlp:")) {
            return collector(text.substring("otlp:".length()), text);
        }
        if (text.isEmpty() || text.equals("sealed:")) {
            throw noTarget(text);
        }
        return new File(Path.of(text));
    }

    private static LogTarget syslog(String address, String whole) {
        if (address.startsWith("unix:") && address.length() > "unix:".length()) {
            return new SyslogSocket(Path.of(address.substring("unix:".length())));
        }
        URI uri = uri(address, whole);
        String scheme = uri.getScheme();
        boolean plain = uri.getUserInfo() == null
                && uri.getRawPath().isEmpty()
                && uri.getQuery() == null
                && uri.getFragment() == null;
        if (!plain || uri.getPort() <= 0 || uri.getPort() > 0xffff) {
            throw noTarget(whole);
        }
        return switch (scheme) {
            case "udp" -> new SyslogUdp(host(uri), uri.getPort());
            case "tcp" -> new SyslogTcp(host(uri), uri.getPort());
            default -> throw noTarget(whole);
        };
    }

    private static LogTarget collector(String address, String whole) {
        URI uri = uri(address, whole);
        boolean http = uri.getScheme().equals("http") || uri.getScheme().equals("https");
        if (!http || uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw noTarget(whole);
        }
        boolean bare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
        return new Collector(bare ? uri.resolve("/v1/logs") : uri);
    }

    /** One with a scheme and a host. */
    private static URI uri(String address, String whole) {
        try {
            URI uri = new URI(address);
            if (uri.getScheme() == null || uri.getHost() == null) {
                throw noTarget(whole);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw noTarget(whole);
        }
    }

    private static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static IllegalArgumentException noTarget(String text) {
        return new IllegalArgumentException("'" + text + "' is no place for a log; it may be " + FORMS);
    }
}
