package dev.exeat.cli.objects;

import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.options.DataDirectoryOption;
import java.io.InputStream;
import java.io.PrintWriter;
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

/** {@code exeat get}. */
@Command(
        name = "get",
        description = "Show objects of the resource API.",
        footer = {
            "",
            "  exeat get rules -A",
            "  exeat get egp,hostsets -n team -o wide",
            "  exeat get rule/check-access -n istio-system -o yaml",
            "  exeat get -f policies/",
            "",
            "Does as 'kubectl get' does. Exit code 0, also if there is none, or 1 if something could not be shown."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class GetCommand implements Callable<Integer> {
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

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Of all namespaces.")
    private boolean allNamespaces;

    @Mixin
    private SelectorOptions selectors;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|wide|json|yaml|name",
            defaultValue = "table",
            description = "table; wide: with more columns; json; yaml; name: KIND/NAME a line (${DEFAULT-VALUE}).")
    private Output output;

    @Option(
            names = {"-w", "--watch"},
            description = "Go on with each change, until the server ends it or Ctrl-C does.")
    private boolean watch;

    @Mixin
    private ServerOptions server;

    @Mixin
    private DataDirectoryOption dataDirectory;

    /** How objects are shown. */
    enum Output {
        TABLE,
        WIDE,
        JSON,
        YAML,
        NAME
    }

    public GetCommand(InputStream in, Map<String, String> environment) {
        this.in = in;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (words.isEmpty() && !files.given()) {
            throw new ParameterException(
                    command.commandLine(), "You must specify the type of resource to get, as in 'exeat get rules -A'");
        }
        PrintWriter err = command.commandLine().getErr();
        Failures failures = new Failures();
        failures.attempt(() -> {
            Access access = server.access(dataDirectory, environment);
            try (ApiClient client = new ApiClient(access, text -> err.println("Warning: " + Printable.of(text)))) {
                Selection selection = selection(client, access, failures);
                check(selection);
                Getting getting = new Getting(client, scope(access), selectors, failures);
                if (watch) {
                    new Watching(getting, output, command.commandLine().getOut()).run(selection);
                } else {
                    show(getting, selection, access);
                }
            }
        });
        return failures.tell(err);
    }

    private Selection selection(ApiClient client, Access access, Failures failures) {
        if (files.given() && !words.isEmpty()) {
            throw ObjectException.of(
                    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments"
                            + " as well");
        }
        KindIndex kinds = KindIndex.of(client);
        return files.given()
                ? Selection.of(files.read(new ObjectFiles(kinds, access, server.namespace(), failures), in))
                : Selection.of(words, kinds);
    }

    private String scope(Access access) {
        return allNamespaces ? "" : access.namespace();
    }

    private void check(Selection selection) {
        if (selection.named() && allNamespaces) {
            throw ObjectException.of("a resource cannot be retrieved by name across all namespaces");
        }
        if (selection.named() && selectors.given()) {
            throw ObjectException.of("name cannot be provided when a selector is specified");
        }
        if (watch && selection.parts().size() > 1) {
            throw ObjectException.of("you may only specify a single resource type");
        }
    }

    private void show(Getting getting, Selection selection, Access access) {
        boolean any = new Showing(
                        getting, output, allNamespaces, command.commandLine().getOut())
                .show(selection);
        if (!any && getting.allWent()) {
            boolean inNamespace = !allNamespaces
                    && selection.parts().stream().allMatch(part -> part.kind().namespaced());
            command.commandLine()
                    .getErr()
                    .println(
                            inNamespace
                                    ? "No resources found in " + access.namespace() + " namespace."
                                    : "No resources found");
        }
    }
}
