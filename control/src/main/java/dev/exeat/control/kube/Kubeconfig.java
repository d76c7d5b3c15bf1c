package dev.exeat.control.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Writes the file by which kubectl and others reach the API as its operator. */
public final class Kubeconfig {
    /** Its name in the data directory. */
    public static final String FILE = "kubeconfig";

    private Kubeconfig() {}

    /**
     * Writes it anew, readable by its owner alone.
     *
     * @param bundle the roots that vouch for the API's certificate, as PEM
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(Path dataDir, InetSocketAddress api, String bundle, OperatorToken token) {
        String host = api.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : api.getAddress().getHostAddress();
        String url = "https://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + api.getPort();
        String text = """
                apiVersion: v1
                kind: Config
                clusters:
                - name: exeat
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: operator
                  user:
                    token: %s
                contexts:
                - name: exeat
                  context:
                    cluster: exeat
                    user: operator
                current-context: exeat
                """.formatted(
                url, Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.US_ASCII)), token.text());
        try {
            Path written = Files.createTempFile(
                    dataDir,
                    FILE,
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(written, text);
            Files.move(written, dataDir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the kubeconfig in " + dataDir + " cannot be written", e);
        }
    }
}
