package dev.exeat.cli;

import dev.exeat.cli.options.ConnectionFilter;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code exeat conn}. */
@Command(name = "conn", synopsisSubcommandLabel = "COMMAND", description = "Look at open connections, and end them.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ConnCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(
                command.commandLine(),
                "which command? There are 'exeat conn list', 'exeat conn kill' and 'exeat conn limits'");
    }

    /** How a list is printed. */
    enum Output {
        TABLE,
        WIDE,
        JSON,
        YAML
    }

    static List<JsonNode> ask(
            DataDirectoryOption directory, Map<String, String> environment, String question, Map<String, String> with) {
        try {
            return new ControlClient(directory.resolve(environment)).ask(question, with);
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    /** {@code exeat conn list}. */
    @Command(
            name = "list",
            description = "Print the open connections of the gateway on this machine, the oldest first.",
            footer = {
                "",
                "Asks the 'exeat up' or 'exeat gateway' that holds the data directory.",
                "Exit code 0 also when none is open, 3 if no process answers."
            })
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class ListAll implements Callable<Integer> {
        private final Map<String, String> environment;

        @Spec
        private CommandSpec command;

        @Mixin
        private ConnectionFilter filter;

        @Option(
                names = {"-o", "--output"},
                paramLabel = "table|wide|json|yaml",
                defaultValue = "table",
                description =
                        "table; wide: with source, upstream, rule and policy; json: an object a line; yaml: a list"
                                + " (${DEFAULT-VALUE}).")
        private Output output;

        @Mixin
        private DataDirectoryOption dataDirectory;

        ListAll(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            List<JsonNode> open = ask(dataDirectory, environment, "connections", filter.arguments());
            PrintWriter out = command.commandLine().getOut();
            switch (output) {
                case JSON -> ObjectPrinter.json(open, out);
                case YAML -> ObjectPrinter.yaml(open, out);
                case TABLE -> ConnectionTable.print(open, false, out);
                case WIDE -> ConnectionTable.print(open, true, out);
            }
            return ExitCode.OK;
        }
    }

    /** {@code exeat conn kill}. */
    @Command(
            name = "kill",
            description = "End open connections of the gateway on this machine, with an error on both sides.",
            footer = {
                "",
                "Give ids as 'exeat conn list' shows them, or filters; the records of the ended say \"killed\".",
                "Exit code 0 if all were ended, 1 if an id is not open or nothing matches, 3 if no process answers."
            })
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class Kill implements Callable<Integer> {
        private static final int IDS_AT_ONCE = 500;

        private final Map<String, String> environment;

        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "ID", arity = "0..*", description = "Connections to end.")
        private @Nullable List<String> ids;

        @Mixin
        private ConnectionFilter filter;

        @Mixin
        private DataDirectoryOption dataDirectory;

        Kill(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            List<JsonNode> asked = new ArrayList<>();
            for (Map<String, String> question : questions()) {
                asked.addAll(ask(dataDirectory, environment, "kill", question));
            }
            PrintWriter out = command.commandLine().getOut();
            boolean all = !asked.isEmpty();
            for (JsonNode one : asked) {
                boolean killed = one.path("killed").asBoolean(false);
                out.println(one.path("id").asString("") + (killed ? " ended" : " is not open"));
                all &= killed;
            }
            if (asked.isEmpty()) {
                command.commandLine().getErr().println("exeat: no open connection matches; see 'exeat conn list'");
            }
            return all ? ExitCode.OK : ExitCode.FAILED;
        }

        /** One, but where there are more ids than one question can hold. */
        private List<Map<String, String>> questions() {
            if (ids == null || ids.isEmpty()) {
                if (filter.isEmpty()) {
                    throw new ParameterException(
                            command.commandLine(),
                            "which connections? Give ids, or filters such as --identity or --host");
                }
                return List.of(filter.arguments());
            }
            if (!filter.isEmpty()) {
                throw new ParameterException(command.commandLine(), "give ids or filters, not both");
            }
            List<Map<String, String>> questions = new ArrayList<>();
            for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
                questions.add(Map.of("ids", String.join(" ", some)));
            }
            return questions;
        }
    }
}
