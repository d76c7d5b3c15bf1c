package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** sniproxy, which routes by the SNI and does no TLS itself. */
public final class SniProxy implements Subject {
    private final Binary binary;
    private final Release release;

    SniProxy(Binary binary) {
        this.binary = binary;
        this.release = new Release(binary.says(Pattern.compile("sniproxy (\\S+)"), "-V"), "none");
    }

    @Override
    public String name() {
        return "sniproxy";
    }

    @Override
    public Release release() {
        return release;
    }

    @Override
    public boolean has(Door door) {
        return door == Door.PLAIN;
    }

    @Override
    public Running start(Site site, Door door) {
        int port = Site.freePort();
        Path config = site.write(
                "sniproxy.conf",
                Map.of(
                        "PORT", String.valueOf(port),
                        "USER", System.getProperty("user.name"),
                        "LOG",
                                site.peerLogs()
                                        ? "access_log {\n  filename " + site.directory() + "/access.log\n}"
                                        : ""));
        Program program = site.measured(name(), binary.with("-f", "-c", config.toString()));
        Duration startUp = program.awaitPort(port);
        return new Running(List.of(program), List.of(), door, port, "", startUp);
    }
}
