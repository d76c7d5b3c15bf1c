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
        JSON
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
                paramLabel = "table|wide|json",
                defaultValue = "table",
                description = "table; wide: with rule and policy; json: an object a line (${DEFAULT-VALUE}).")
        private Output output;

        @Mixin
        private DataDirectoryOption dataDirectory;

        ListAll(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            List<JsonNode> open = ask(dataDirectory, environment, "connections", Map.of()).stream()
                    .filter(filter::admits)
                    .toList();
            PrintWriter out = command.commandLine().getOut();
            switch (output) {
                case JSON -> open.forEach(out::println);
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
            List<String> chosen = chosen();
            PrintWriter out = command.commandLine().getOut();
            boolean all = !chosen.isEmpty();
            for (String id : chosen) {
                boolean killed = ask(dataDirectory, environment, "kill", Map.of("id", id))
                        .getFirst()
                        .path("killed")
                        .asBoolean(false);
                out.println(killed ? id + " ended" : id + " is not open");
                all &= killed;
            }
            if (chosen.isEmpty()) {
                command.commandLine().getErr().println("exeat: no open connection matches; see 'exeat conn list'");
            }
            return all ? ExitCode.OK : ExitCode.FAILED;
        }

        private List<String> chosen() {
            if (ids != null && !ids.isEmpty()) {
                if (!filter.isEmpty()) {
                    throw new ParameterException(command.commandLine(), "give ids or filters, not both");
                }
                return ids;
            }
            if (filter.isEmpty()) {
                throw new ParameterException(
                        command.commandLine(), "which connections? Give ids, or filters such as --identity or --host");
            }
            List<String> matching = new ArrayList<>();
            ask(dataDirectory, environment, "connections", Map.of()).stream()
                    .filter(filter::admits)
                    .forEach(connection -> matching.add(connection.path("id").asString("")));
            return matching;
        }
    }
}
