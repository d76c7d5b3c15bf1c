package dev.exeat.cli.status;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code exeat status}. */
@Command(
        name = "status",
        description = "Say what is in force in the gateway on this machine, what is wrong with it, and what ends when.",
        footer = {
            "",
            "Asks the 'exeat up' or 'exeat gateway' that holds the data directory.",
            "Exit code 0 if all objects are sound, 1 if some have errors, 3 if no process answers."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class StatusCommand implements Callable<Integer> {
    private final boolean coloured;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people; json: an object a line (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private DataDirectoryOption dataDirectory;

    /** How the status is printed. */
    enum Output {
        TEXT,
        JSON
    }

    public StatusCommand(boolean coloured, InstantSource clock, Map<String, String> environment) {
        this.coloured = coloured;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        List<JsonNode> pieces = ask();
        var out = command.commandLine().getOut();
        switch (output) {
            case TEXT -> new StatusText(out, coloured, clock.instant()).print(pieces);
            case JSON -> pieces.forEach(out::println);
        }
        boolean sound = pieces.getFirst().at("/policy/errors").asInt(0) == 0;
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }

    private List<JsonNode> ask() {
        try {
            return new ControlClient(dataDirectory.resolve(environment)).ask("status", Map.of());
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }
}
