package dev.exeat.cli.objects;

import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.kube.Kubeconfig;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server is asked, and in which namespace. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ServerOptions {
    @Option(
            names = "--kubeconfig",
            paramLabel = "F",
            description = "The file that says where the API is and as whom to speak to it"
                    + " ($KUBECONFIG, unless --data-dir is given; kubeconfig in the data directory).")
    private @Nullable Path kubeconfig;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "The namespace of objects that name none (that of the kubeconfig, or default).")
    private @Nullable String namespace;

    /** @throws ObjectException if there is no such file, or it says too little */
    Access access(DataDirectoryOption dataDirectory, Map<String, String> environment) {
        Access read = KubeconfigFile.read(file(dataDirectory, environment));
        return namespace == null ? read : new Access(read.server(), read.tls(), read.authorization(), namespace);
    }

    private Path file(DataDirectoryOption dataDirectory, Map<String, String> environment) {
        if (kubeconfig != null) {
            return kubeconfig;
        }
        String named = environment.getOrDefault("KUBECONFIG", "");
        if (dataDirectory.given() || named.isEmpty()) {
            return dataDirectory.resolve(environment).resolve(Kubeconfig.FILE);
        }
        if (named.contains(":")) {
            throw ObjectException.of("KUBECONFIG names several files; name one with --kubeconfig");
        }
        return Path.of(named);
    }

    /** The namespace that the command line names; empty if it does not. */
    String namespace() {
        return namespace == null ? "" : namespace;
    }
}
