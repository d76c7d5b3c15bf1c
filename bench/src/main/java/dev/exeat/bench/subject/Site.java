package dev.exeat.bench.subject;

import dev.exeat.bench.machine.Cores;
import dev.exeat.bench.machine.Program;
import dev.exeat.bench.wire.AppTls;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program is given to run with.
 *
 * @param directory for this start alone
 * @param upstreamPort on 127.0.0.1
 * @param peerLogs whether peers write a line for each connection, as Exeat always does
 */
public record Site(Path directory, int upstreamPort, SvidMint certificates, Cores cores, boolean peerLogs) {
    private static final Pattern PLACEHOLDER = Pattern.compile("@[A-Z]+@");

    /** The server's certificate. */
    public Path chain() {
        return certificates.svid("gw").certificate();
    }

    public Path key() {
        return certificates.svid("gw").key();
    }

    /** What the clients' certificates come from. */
    public Path roots() {
        return certificates.bundle();
    }

    /** A port that nobody listened on just now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a program on the measured core. */
    Program measured(String name, List<String> command) {
        return Program.start(cores.measuredOnly(command), directory, directory.resolve(name + ".out"));
    }

    /** Starts a program on the load's core. */
    Program beside(String name, List<String> command) {
        return Program.start(cores.loadOnly(command), directory, directory.resolve(name + ".out"));
    }

    /** Writes a file from a template beside this class, in which {@code @NAME@} stands for values. */
    Path write(String template, Map<String, String> values) {
        String text = resource(template);
        for (Map.Entry<String, String> value : values.entrySet()) {
            text = text.replace("@" + value.getKey() + "@", value.getValue());
        }
        text = text.replace("@DIR@", directory.toString())
                .replace("@CHAIN@", chain().toString())
                .replace("@KEY@", key().toString())
                .replace("@ROOTS@", roots().toString())
                .replace("@HOST@", AppTls.HOST)
                .replace("@UPSTREAM@", String.valueOf(upstreamPort));
        Matcher left = PLACEHOLDER.matcher(text);
        if (left.find()) {
            throw new IllegalArgumentException(template + " has no value for " + left.group());
        }
        try {
            return Files.writeString(directory.resolve(template), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Site.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no template " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
