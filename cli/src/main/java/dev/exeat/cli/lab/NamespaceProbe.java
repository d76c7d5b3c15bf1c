package dev.exeat.cli.lab;

import dev.exeat.control.lab.PodException;
import dev.exeat.net.NetworkNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether pods can be namespaces here. Makes one, as nothing else tells: programs may be missing, the kernel may be made
 * without a part that is needed, and a container or a security module may forbid it.
 *
 * @param tools with which it worked, or null
 * @param problem why it did not
 */
record NamespaceProbe(@Nullable NamespaceTools tools, String problem) {
    private static final PodNamespace.Plan PLAN = NamespaceRuntime.plan("probe", 0);
    private static final long PATIENCE_SECONDS = 10;

    /** As this process is. */
    static NamespaceProbe make(Map<String, String> environment) {
        return tried(environment, List.of(), NamespaceProbe::enter);
    }

    /** As this process would be in a user namespace of its own, as whose root. */
    static NamespaceProbe makeAsOwnRoot(Map<String, String> environment, List<String> before) {
        return tried(environment, before, (tools, namespace) -> {});
    }

    private interface Trial {
        void run(NamespaceTools tools, PodNamespace namespace) throws IOException, InterruptedException;
    }

    private static NamespaceProbe tried(Map<String, String> environment, List<String> before, Trial trial) {
        NamespaceTools.Search search = NamespaceTools.search(environment);
        NamespaceTools tools = search.found();
        if (tools == null) {
            return new NamespaceProbe(null, search.missing());
        }
        try (PodNamespace namespace = PodNamespace.create(tools, before, PLAN)) {
            trial.run(tools, namespace);
            return new NamespaceProbe(tools, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new NamespaceProbe(null, "interrupted");
        } catch (PodException | IllegalStateException | IOException e) {
            return new NamespaceProbe(null, String.valueOf(e.getMessage()));
        }
    }

    /** As the proxy's sockets do, and as programs do. */
    private static void enter(NamespaceTools tools, PodNamespace namespace) throws IOException, InterruptedException {
        NetworkNamespace.call(namespace.network(), () -> true);
        Process program = new ProcessBuilder(tools.entering(namespace.pid(), "/", List.of("/bin/sh", "-c", ":")))
                .redirectErrorStream(true)
                .start();
        try (var out = program.getInputStream()) {
            program.getOutputStream().close();
            String said = new String(out.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
            if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new PodException("a program cannot enter a namespace: " + said);
            }
        }
    }
}
