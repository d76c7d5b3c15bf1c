package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Smokescreen, an egress proxy for HTTP CONNECT in Go. It reads the name of the CONNECT and never the one inside. Its
 * own resolver is asked for {@code localhost}, which every machine knows.
 */
public final class Smokescreen implements Subject {
    private final Binary binary;
    private final Release release;

    Smokescreen(Binary binary) {
        this.binary = binary;
        this.release = new Release(binary.says(Pattern.compile("version (\\S+)"), "--version"), "Go crypto/tls");
    }

    @Override
    public String name() {
        return "smokescreen";
    }

    @Override
    public Release release() {
        return release;
    }

    @Override
    public boolean has(Door door) {
        return door == Door.CONNECT || door == Door.CONNECT_TLS;
    }

    @Override
    public Running start(Site site, Door door) {
        int port = Site.freePort();
        Path acl = site.write("smokescreen-acl.yaml", Map.of());
        Path config = site.write(
                "smokescreen.yaml",
                Map.of(
                        "PORT", String.valueOf(port),
                        "ACL", acl.toString(),
                        "TLS", door == Door.CONNECT_TLS ? tls(site) : "allow_missing_role: true"));
        List<String> command = new ArrayList<>(List.of("env", "GOMAXPROCS=1"));
        command.addAll(binary.with("--config-file", config.toString()));
        Program program = site.measured(name(), command);
        Duration startUp = program.awaitPort(port);
        String authority = "localhost:" + site.upstreamPort();
        return new Running(List.of(program), List.of(), door, port, authority, startUp);
    }

    private static String tls(Site site) {
        return """
                allow_missing_role: true
                tls:
                  cert_file: %s
                  key_file: %s
                  client_ca_files: ["%s"]
                """.formatted(site.chain(), site.key(), site.roots());
    }
}
