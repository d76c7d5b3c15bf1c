package dev.exeat.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server for tests, with TLS and passwords, on a port of the loopback interface. It refuses to run as
 * root, so for root it runs as {@code nobody}.
 */
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "keeper";
    public static final String PASSWORD = "of the flows";

    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Path programs;
    private final Path home;
    private final TestPki pki;
    private final int port;
    private BackgroundProcess process;

    private PostgresServer(Path programs, Path home, TestPki pki, int port) {
        this.programs = programs;
        this.home = home;
        this.pki = pki;
        this.port = port;
        initialize();
        this.process = launch();
    }

    /** Where Debian puts the programs of the newest version; nothing where there are none, or nobody to run them. */
    public static Optional<Path> programs() {
        if (!Files.isDirectory(INSTALLED) || (isRoot() && !Files.isExecutable(Path.of("/usr/bin/setpriv")))) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server for the name {@code localhost}, with a certificate of the authority. */
    public static PostgresServer start(Path programs, TestPki pki) {
        try {
            return new PostgresServer(programs, Files.createTempDirectory("postgres"), pki, freePort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void initialize() {
        try {
            Path password = Files.writeString(home.resolve("password"), PASSWORD);
            Path key = home.resolve("key.pem");
            pki.writeServer(List.of("localhost"), home.resolve("certificate.pem"), key);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            if (isRoot()) {
                for (Path path : List.of(home, password, key, home.resolve("certificate.pem"))) {
                    Files.setOwner(
                            path,
                            path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
                }
            }
            CommandRun made = program(
                            "initdb",
                            "--no-sync",
                            "--auth=scram-sha-256",
                            "--username=" + USER,
                            "--pwfile=" + password,
                            "--encoding=UTF8",
                            "--locale=C",
                            "--pgdata=" + data())
                    .run();
            if (made.exitCode() != 0) {
                throw new IllegalStateException(made.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BackgroundProcess launch() {
        BackgroundProcess started = program(
                        "postgres",
                        "-D",
                        data().toString(),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "port=" + port,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "ssl=on",
                        "-c",
                        "ssl_cert_file=" + home.resolve("certificate.pem"),
                        "-c",
                        "ssl_key_file=" + home.resolve("key.pem"))
                .start();
        started.awaitLine("ready to accept connections", SOON);
        return started;
    }

    private Command program(String name, String... arguments) {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        words.add(programs.resolve(name).toString());
        words.addAll(List.of(arguments));
        return Command.of(words).in(home).env("LC_ALL", "C");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private Path data() {
        return home.resolve("data");
    }

    public int port() {
        return port;
    }

    /** Ends it at once, as a machine that fails; {@link #restart} begins it again. */
    public void kill() {
        process.kill();
        process.awaitExit(SOON);
    }

    /** Begins a killed one again, on the same port and with what it had committed. */
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
