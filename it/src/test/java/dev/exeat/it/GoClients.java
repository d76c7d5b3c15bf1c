package dev.exeat.it;

import dev.exeat.testkit.BackgroundProcess;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.TestPki;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Go's HTTP stack, built from {@code clients.go}: a site for one host, which speaks HTTP/2, and its clients. */
final class GoClients implements AutoCloseable {
    static final String HOST = "gopher.test";
    static final String ISSUER = "gophers";

    private static final Path SOURCE = Path.of("src", "test", "resources", "clients", "clients.go");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** The first whose client can be told which versions of HTTP to speak. */
    private static final int OLDEST = 24;

    private final Path program;
    private final Path root;
    private final BackgroundProcess site;
    private final String port;

    private GoClients(Path program, Path root, BackgroundProcess site) {
        this.program = program;
        this.root = root;
        this.site = site;
        this.port = site.awaitLine("listening (\\d+)", Duration.ofSeconds(20)).group(1);
    }

    /** Builds the program and starts its site; null where there is no Go that is new enough. */
    static @Nullable GoClients start(Path directory) {
        Path go = Tools.find("go");
        if (go == null || release(go) < OLDEST) {
            return null;
        }
        Path program = directory.resolve("clients");
        CommandRun build = Command.of(
                        go.toString(),
                        "build",
                        "-o",
                        program.toString(),
                        SOURCE.toAbsolutePath().toString())
                .in(directory)
                .env("GOTOOLCHAIN", "local")
                .timeout(LIMIT)
                .run();
        if (build.exitCode() != 0) {
            throw new IllegalStateException(build.toString());
        }
        TestPki pki = TestPki.create(ISSUER);
        Path root = pki.writeRoot(directory.resolve("gopher-root.pem"));
        Path certificate = directory.resolve("gopher.pem");
        Path key = directory.resolve("gopher.key");
        pki.writeServer(List.of(HOST), certificate, key);
        return new GoClients(
                program,
                root,
                Command.of(program.toString(), "site", certificate.toString(), key.toString())
                        .start());
    }

    private static int release(Path go) {
        Matcher version = Pattern.compile("go1\\.(\\d+)")
                .matcher(CommandRun.of(go.toString(), "version").stdout());
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    /** How a gateway is told the way to the site. */
    List<String> wayToTheSite() {
        return List.of("--connect-to", HOST + ":443:127.0.0.1:" + port, "--allow-address", HOST + "=127.0.0.1/32");
    }

    /** The certificate that clients of the site trust. */
    Path root() {
        return root;
    }

    /** @param proxy {@code http://host:port} or {@code socks5://host:port} */
    CommandRun visit(String proxy, String host) {
        return Command.of(program.toString(), "visit", proxy, root.toString(), host)
                .timeout(LIMIT)
                .run();
    }

    @Override
    public void close() {
        site.close();
    }
}
