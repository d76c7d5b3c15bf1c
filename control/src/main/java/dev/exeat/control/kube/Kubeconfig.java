package dev.exeat.control.kube;

import dev.exeat.control.access.OperatorToken;
import dev.exeat.identity.ClientAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;

/** Writes the files by which kubectl and others reach the API. */
public final class Kubeconfig {
    /** Its name in the data directory. */
    public static final String FILE = "kubeconfig";

    private Kubeconfig() {}

    /**
     * One by which somebody else reaches the same API.
     *
     * @param operators what {@link #write} wrote
     * @param user their name
     * @throws IllegalArgumentException if the operator's is not as it was written
     */
    public static String forClient(String operators, String user, ClientAuthority.Credentials credentials) {
        return text(
                value(operators, "server: "),
                value(operators, "certificate-authority-data: "),
                JsonMapper.shared().writeValueAsString(user),
                "client-certificate-data: " + base64(credentials.certificatePem()) + "\n    client-key-data: "
                        + base64(credentials.keyPem()));
    }

    private static String value(String text, String name) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the kubeconfig has no " + name.strip()));
    }

    private static String base64(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(String url, String bundle, String user, String credentials) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: exeat
                  cluster:
                    server: %1$s
                    certificate-authority-data: %2$s
                users:
                - name: %3$s
                  user:
                    %4$s
                contexts:
                - name: exeat
                  context:
                    cluster: exeat
                    user: %3$s
                current-context: exeat
                """.formatted(url, bundle, user, credentials);
    }

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
        String text = text(url, base64(bundle), "operator", "token: " + token.text());
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
