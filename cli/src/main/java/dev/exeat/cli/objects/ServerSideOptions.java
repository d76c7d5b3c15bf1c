package dev.exeat.cli.objects;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of an apply that the server merges (Kubernetes, "Server-Side Apply"). */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ServerSideOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--server-side", description = "Let the server merge, which knows who manages which field.")
    private boolean serverSide;

    @Option(names = "--force-conflicts", description = "With --server-side: take the fields that others manage, too.")
    private boolean forceConflicts;

    @Option(
            names = "--field-manager",
            paramLabel = "NAME",
            defaultValue = "kubectl",
            description = "With --server-side: who manages the fields, as the server is told (${DEFAULT-VALUE}).")
    private String fieldManager;

    boolean given() {
        if (forceConflicts && !serverSide) {
            throw new ParameterException(command.commandLine(), "--force-conflicts only works with --server-side");
        }
        return serverSide;
    }

    ServerSideApplier applier(ApiClient client, boolean dryRun) {
        return new ServerSideApplier(client, fieldManager, forceConflicts, dryRun);
    }
}
