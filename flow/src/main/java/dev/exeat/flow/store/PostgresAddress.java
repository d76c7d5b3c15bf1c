package dev.exeat.flow.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which database of which PostgreSQL server.
 *
 * @param host a name or an address, one of IPv6 in brackets
 * @param schema in which the tables are
 * @param tls {@code sslmode}, {@code sslrootcert}, {@code sslcert} and {@code sslkey}, where they were given
 */
public record PostgresAddress(
        String host, int port, String database, String user, String schema, Map<String, String> tls) {
    private static final int PORT = 5432;
    private static final int LONGEST_NAME = 63;
    private static final String SCHEMA = "exeat";
    private static final String SCHEMA_PARAMETER = "currentSchema";
    private static final String ROOT = "sslrootcert";
    private static final Set<String> TLS = Set.of("sslmode", ROOT, "sslcert", "sslkey");
    private static final Set<String> MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    public PostgresAddress {
        tls = Map.copyOf(tls);
    }

    /** Whether the text means one, well-formed or not. */
    public static boolean isMeant(String text) {
        String url = text.startsWith("jdbc:") ? text.substring(5) : text;
        return url.startsWith("postgresql://") || url.startsWith("postgres://");
    }

    /**
     * Reads {@code postgresql://USER@HOST:PORT/DATABASE?sslmode=...}, also with {@code jdbc:} before it.
     *
     * @throws IllegalArgumentException if it is none, or has a password in it
     */
    public static PostgresAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.startsWith("jdbc:") ? text.substring(5) : text);
        } catch (URISyntaxException e) {
            // Its message would repeat what may hold a password.
            throw new IllegalArgumentException("it is no URL such as postgresql://USER@HOST/DATABASE", e);
        }
        if (!isMeant(text) || uri.getHost() == null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("it is no URL such as postgresql://USER@HOST/DATABASE");
        }
        String user = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        if (user.contains(":")) {
            throw new IllegalArgumentException("a password in a URL can be seen by others; put it into a file, or into"
                    + " the variable PGPASSWORD");
        }
        Map<String, String> parameters = parameters(uri);
        user = parameters.getOrDefault("user", user);
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("/", "");
        if (user.isEmpty() || database.isEmpty() || database.contains("/")) {
            throw new IllegalArgumentException(
                    "it names no user or no database; write postgresql://USER@HOST/DATABASE");
        }
        String schema = parameters.getOrDefault(SCHEMA_PARAMETER, SCHEMA);
        requireName(schema);
        parameters.keySet().retainAll(TLS);
        if (!MODES.contains(parameters.getOrDefault("sslmode", "prefer"))) {
            throw new IllegalArgumentException("there is no sslmode " + parameters.get("sslmode")
                    + "; say verify-full, verify-ca, require, prefer" + ", allow or disable");
        }
        PostgresAddress address = new PostgresAddress(
                uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort(), database, user, schema, parameters);
        if (address.isVerifiedByMachine() && (parameters.containsKey("sslcert") || parameters.containsKey("sslkey"))) {
            throw new IllegalArgumentException("sslcert and sslkey need sslrootcert, the file with the authority of the"
                    + " server's certificate; Debian has those of the machine in /etc/ssl/certs/ca-certificates.crt");
        }
        return address;
    }

    /** As it was given; else the server must prove its name, unless nothing leaves this machine. */
    String mode() {
        String mode = tls.getOrDefault("sslmode", isLoopback() ? "prefer" : "verify-full");
        // As for PostgreSQL's own programs.
        return mode.equals("require") && tls.containsKey(ROOT) ? "verify-ca" : mode;
    }

    /** Whether the authorities of the machine vouch for the server. */
    boolean isVerifiedByMachine() {
        return mode().startsWith("verify-") && !tls.containsKey(ROOT);
    }

    private static Map<String, String> parameters(URI uri) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            if (name.equals("password")) {
                throw new IllegalArgumentException("a password in a URL can be seen by others; put it into a file, or"
                        + " into the variable PGPASSWORD");
            }
            if (!TLS.contains(name) && !name.equals("user") && !name.equals(SCHEMA_PARAMETER) && !name.isEmpty()) {
                throw new IllegalArgumentException("there is no parameter " + name
                        + "; those are user, currentSchema, sslmode, sslrootcert, sslcert, sslkey");
            }
            parameters.put(name, equals < 0 ? "" : decoded(parameter.substring(equals + 1)));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** It stands in SQL as it is. */
    private static void requireName(String schema) {
        boolean plain = schema.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
        if (!plain || schema.isEmpty() || schema.length() > LONGEST_NAME || Character.isDigit(schema.charAt(0))) {
            throw new IllegalArgumentException(
                    "currentSchema " + schema + " is no name of small letters, digits and underscores");
        }
    }

    /** Whether nothing leaves this machine on the way there. */
    boolean isLoopback() {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.equals("[::1]") || isLoopbackAddress(name);
    }

    /** A name that only begins so may be anybody's. */
    private static boolean isLoopbackAddress(String name) {
        return name.startsWith("127.") && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /** For pgjdbc. */
    String url() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** For people. */
    @Override
    public String toString() {
        return "postgresql://" + host + ":" + port + "/" + database;
    }
}
