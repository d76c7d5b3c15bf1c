package dev.exeat.cli;

import dev.exeat.cli.options.DataDirectoryOption;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code exeat conn limits}. */
@Command(
        name = "limits",
        description = "Print how far the limits of connections are used, and by whom: of each the 20 who use it most.",
        footer = {
            "",
            "Asks the 'exeat up' or 'exeat gateway' that holds the data directory.",
            "Exit code 0, or 3 if no process answers."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ConnLimitsCommand implements Callable<Integer> {
    private static final List<String> HEAD = List.of("LIMIT", "WHO", "USED", "MOST");

    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json|yaml",
            defaultValue = "table",
            description = "table; json: an object a line; yaml: a list (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private DataDirectoryOption dataDirectory;

    /** How they are printed. */
    enum Output {
        TABLE,
        JSON,
        YAML
    }

    ConnLimitsCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        List<JsonNode> uses = ConnCommand.ask(dataDirectory, environment, "limits", Map.of());
        PrintWriter out = command.commandLine().getOut();
        switch (output) {
            case TABLE -> Columns.print(rows(uses), out);
            case JSON -> ObjectPrinter.json(uses, out);
            case YAML -> ObjectPrinter.yaml(uses, out);
        }
        return ExitCode.OK;
    }

    private static List<List<String>> rows(List<JsonNode> uses) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (JsonNode use : uses) {
            String who = use.path("who").asString("");
            rows.add(List.of(
                    "--" + use.path("limit").asString(""),
                    who.isEmpty() ? "-" : who,
                    use.path("used").asString("0"),
                    use.path("most").asString("0")));
        }
        return rows;
    }
}
