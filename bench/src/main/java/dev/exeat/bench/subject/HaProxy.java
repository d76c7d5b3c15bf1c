package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Machine;
import dev.exeat.bench.machine.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** HAProxy with one thread, which routes by the (inner) SNI. */
public final class HaProxy implements Subject {
    private final Binary binary;
    private final boolean splice;
    private final Release release;

    /** @param splice whether {@code option splice-auto} is set */
    HaProxy(Binary binary, boolean splice) {
        this.binary = binary;
        this.splice = splice;
        this.release = new Release(
                binary.says(Pattern.compile("HAProxy version (\\S+)"), "-v"),
                binary.says(Pattern.compile("Running on OpenSSL version : (OpenSSL \\S+)"), "-vv"));
    }

    @Override
    public String name() {
        return splice ? "haproxy-splice" : "haproxy";
    }

    @Override
    public Release release() {
        return release;
    }

    @Override
    public boolean has(Door door) {
        return door == Door.PLAIN || door == Door.MUTUAL_TLS;
    }

    @Override
    public Running start(Site site, Door door) {
        int port = Site.freePort();
        Path pem = certificateAndKey(site);
        Path config = site.write(
                "haproxy.cfg",
                Map.of(
                        "PORT", String.valueOf(port),
                        "CONNECTIONS", String.valueOf(connections()),
                        "BIND",
                                door == Door.MUTUAL_TLS
                                        ? "ssl crt " + pem + " ca-file " + site.roots()
                                                + " verify required ssl-min-ver TLSv1.3"
                                        : "",
                        "LOG_TO", site.peerLogs() ? "log stdout format raw local0" : "",
                        "LOG", site.peerLogs() ? "log global\n  option tcplog" : "",
                        "SPLICE", splice ? "option splice-auto" : ""));
        Program program = site.measured(name(), binary.with("-db", "-q", "-f", config.toString()));
        Duration startUp = program.awaitPort(port);
        return new Running(List.of(program), List.of(), door, port, "", startUp);
    }

    /** Two descriptors for each, and as many again for pipes, within what a process may have. */
    private int connections() {
        int most = Machine.here().descriptors() / 2 - 100;
        return splice ? most / 2 : most;
    }

    private static Path certificateAndKey(Site site) {
        try {
            return Files.writeString(
                    site.directory().resolve("haproxy.pem"),
                    Files.readString(site.chain()) + Files.readString(site.key()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
