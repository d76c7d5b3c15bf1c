package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.options.DataDirectoryOption;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code exeat delete}. */
@Command(
        name = "delete",
        description = "Delete objects of the resource API.",
        footer = {
            "",
            "  exeat delete -f policies/",
            "  exeat delete rule check-access -n istio-system",
            "  exeat delete egp -l team=a",
            "",
            "Does as 'kubectl delete' does. Exit code 0, or 1 if an object could not be deleted; the others are."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DeleteCommand implements Callable<Integer> {
    private final InputStream in;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Parameters(
            paramLabel = "KIND[,KIND] [NAME...] | KIND/NAME...",
            hideParamSyntax = true,
            arity = "0..*",
            description = "Kinds by plural, singular or short name, as in rules, rule, egp or rules.config.istio.io.")
    private List<String> words = List.of();

    @Mixin
    private FileOptions files;

    @Mixin
    private SelectorOptions selectors;

    @Option(names = "--all", description = "All objects of the kind in the namespace.")
    private boolean all;

    @Option(names = "--ignore-not-found", description = "Do not fail where there is no such object.")
    private boolean ignoreNotFound;

    @Option(
            names = "--dry-run",
            paramLabel = "none|server",
            defaultValue = "none",
            description = "server: let the server check all and delete nothing (${DEFAULT-VALUE}).")
    private DryRun dryRun;

    @Mixin
    private ServerOptions server;

    @Mixin
    private DataDirectoryOption dataDirectory;

    /** @param source the file that names it; empty if the command line does */
    private record Victim(ResourceKind kind, String namespace, String name, String source) {}

    public DeleteCommand(InputStream in, Map<String, String> environment) {
        this.in = in;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (files.given() != words.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "You must provide one or more resources by argument or filename, not both");
        }
        PrintWriter err = command.commandLine().getErr();
        Failures failures = new Failures();
        failures.attempt(() -> {
            Access access = server.access(dataDirectory, environment);
            try (ApiClient client = new ApiClient(access, text -> err.println("Warning: " + Printable.of(text)))) {
                List<Victim> victims = files.given() ? inFiles(client, failures) : inWords(client);
                if (victims.isEmpty() && failures.isEmpty()) {
                    command.commandLine().getOut().println("No resources found");
                }
                Deletion deletion = new Deletion(client, dryRun);
                victims.forEach(victim -> failures.attempt(() -> delete(deletion, victim)));
            }
        });
        return failures.tell(err);
    }

    private List<Victim> inFiles(ApiClient client, Failures failures) {
        ObjectFiles reader = new ObjectFiles(KindIndex.of(client), client.access(), server.namespace(), failures);
        return files.read(reader, in).stream()
                .map(object -> new Victim(object.kind(), object.namespace(), object.name(), object.source()))
                .toList();
    }

    private List<Victim> inWords(ApiClient client) {
        Selection selection = Selection.of(words, KindIndex.of(client));
        boolean many = all || selectors.given();
        if (!selection.named() && !many) {
            throw ObjectException.of("resource(s) were provided, but no name was specified");
        }
        if (selection.named() && many) {
            throw ObjectException.of("name cannot be provided when a selector is specified");
        }
        List<Victim> victims = new ArrayList<>();
        for (Selection.Part part : selection.parts()) {
            if (many) {
                victims.addAll(selected(client, part.kind()));
            } else {
                victims.add(new Victim(part.kind(), client.access().namespace(), part.name(), ""));
            }
        }
        return victims;
    }

    private List<Victim> selected(ApiClient client, ResourceKind kind) {
        List<Victim> victims = new ArrayList<>();
        String path = kind.path(client.access().namespace()) + selectors.query();
        for (JsonNode object : client.get(path, ApiClient.JSON).path("items")) {
            JsonNode metadata = object.path("metadata");
            victims.add(new Victim(
                    kind,
                    metadata.path("namespace").asString(""),
                    metadata.path("name").asString(""),
                    ""));
        }
        return victims;
    }

    private void delete(Deletion deletion, Victim victim) {
        try {
            deletion.delete(victim.kind(), victim.namespace(), victim.name());
        } catch (ObjectException e) {
            if (ignoreNotFound && e.isNotFound()) {
                return;
            }
            throw victim.source().isEmpty() ? e : e.during("error when deleting \"" + victim.source() + "\"");
        }
        command.commandLine()
                .getOut()
                .println(victim.kind().label() + " \"" + Printable.of(victim.name()) + "\" deleted" + dryRun.suffix());
    }
}
