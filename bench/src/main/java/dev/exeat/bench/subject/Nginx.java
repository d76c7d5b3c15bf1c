package dev.exeat.bench.subject;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.machine.Machine;
import dev.exeat.bench.machine.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** nginx with one process, its stream module and ssl_preread. */
public final class Nginx implements Subject {
    private static final String MODULE = "usr/lib/nginx/modules/ngx_stream_module.so";

    private final Binary binary;
    private final Release release;

    Nginx(Binary binary) {
        this.binary = binary;
        this.release = new Release(
                binary.says(Pattern.compile("nginx version: nginx/(\\S+)"), "-V"),
                binary.says(
                        Pattern.compile("(?:running|built) with (OpenSSL [\\d.]+)[^()]*\\)?\\s*$", Pattern.MULTILINE),
                        "-V"));
    }

    @Override
    public String name() {
        return "nginx";
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
        Path module = binary.root().resolve(MODULE);
        Path config = site.write(
                "nginx.conf",
                Map.of(
                        "PORT", String.valueOf(port),
                        "CONNECTIONS", String.valueOf(Machine.here().descriptors() - 100),
                        "MODULE", Files.isRegularFile(module) ? "load_module " + module + ";" : "",
                        "SSL", door == Door.MUTUAL_TLS ? "ssl" : "",
                        "TLS", door == Door.MUTUAL_TLS ? tls(site) : "",
                        "LOG", site.peerLogs() ? site.directory() + "/access.log one" : "off"));
        Program program = site.measured(
                name(), binary.with("-p", site.directory().toString(), "-c", config.toString(), "-e", "stderr"));
        Duration startUp = program.awaitPort(port);
        return new Running(List.of(program), List.of(), door, port, "", startUp);
    }

    private static String tls(Site site) {
        return """
                ssl_certificate %s;
                    ssl_certificate_key %s;
                    ssl_client_certificate %s;
                    ssl_verify_client on;
                    ssl_protocols TLSv1.3;
                    ssl_session_cache shared:sessions:10m;
                """.formatted(site.chain(), site.key(), site.roots());
    }
}
