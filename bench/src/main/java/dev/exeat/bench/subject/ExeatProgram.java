package dev.exeat.bench.subject;

import dev.exeat.bench.machine.Program;
import dev.exeat.bench.wire.AppTls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The command lines of the measured Exeat. */
public final class ExeatProgram {
    static final String AUTHORITY = AppTls.HOST + ":443";

    private final Binary binary;
    private final Release release;

    /** @param launcher {@code bin/exeat} of a distribution, or the one of the sources */
    public ExeatProgram(Path launcher) {
        this.binary = new Binary(List.of(launcher.toAbsolutePath().toString()), Path.of("/"));
        this.release = new Release(
                binary.says(Pattern.compile("exeat (.*)"), "version"),
                binary.says(Pattern.compile("(?i)(boringssl.*)"), "version"));
    }

    Release release() {
        return release;
    }

    List<String> command(String... arguments) {
        return new ArrayList<>(binary.with(arguments));
    }

    /** A gateway with everything but its listeners. */
    List<String> gateway(Site site, Path identity, String trustDomain) {
        String upstream = AppTls.HOST + ":443:127.0.0.1:" + site.upstreamPort();
        return command(
                "gateway",
                "--svid-dir",
                identity.toString(),
                "--data-dir",
                site.directory().resolve("data").toString(),
                "--trust-domain",
                trustDomain,
                "--manifests",
                manifests(site).toString(),
                "--admin",
                "127.0.0.1:0",
                "--record-log",
                site.directory().resolve("records.jsonl").toString(),
                "--connect-to",
                upstream,
                "--allow-address",
                AppTls.HOST + "=127.0.0.1/32",
                "--connection-rate-per-identity",
                "1000000",
                "--connection-burst-per-identity",
                "1000000",
                "--drain",
                "1s");
    }

    /** The directory of manifests. */
    public Path manifests(Site site) {
        Path directory = site.directory().resolve("manifests");
        try {
            Files.createDirectories(directory);
            Files.copy(
                    site.write("exeat.yaml", Map.of()),
                    directory.resolve("exeat.yaml"),
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** The minted identity of the gateway, as files of the names it looks for. */
    Path identity(Site site) {
        Path directory = site.directory().resolve("identity");
        try {
            Files.createDirectories(directory);
            Files.copy(site.chain(), directory.resolve("svid.pem"));
            Files.copy(site.key(), directory.resolve("key.pem"));
            Files.setPosixFilePermissions(directory.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
            Files.copy(site.roots(), directory.resolve("bundle.pem"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** A bearer token of a service account, in a file. */
    Path token(Site site, Path authority, String namespace, String name) {
        String text = Program.outputOf(
                command("token", "create", name, "-n", namespace, "--data-dir", authority.toString(), "--ttl", "1d"));
        try {
            return Files.writeString(site.directory().resolve(name + ".token"), text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An identity that the running authority issues. */
    Path fetchIdentity(Site site, Path authority, int api, String namespace, String name) {
        Path directory = site.directory().resolve("identity");
        String answer = Program.outputOf(command(
                "svid", "fetch",
                "--server", "https://127.0.0.1:" + api,
                "--ca-file", authority.resolve("bundle.pem").toString(),
                "--token-file", token(site, authority, namespace, name).toString(),
                "--out", directory.toString()));
        if (!Files.isRegularFile(directory.resolve("svid.pem"))) {
            throw new IllegalStateException("the gateway got no certificate: " + answer);
        }
        return directory;
    }
}
