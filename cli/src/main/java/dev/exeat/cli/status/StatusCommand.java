package dev.exeat.cli.status;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.DataDirectoryOption;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import java.time.Duration;
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
            "With --wait it returns when all live gateways have what the server had when it was asked.",
            "Exit code 0 if all objects are sound, 1 if some have errors or the time of --wait is over, 3 if no",
            "process answers, or one that knows no gateways is to wait for them."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class StatusCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(100);

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

    @Option(
            names = "--wait",
            description =
                    "Ask an 'exeat up', and return when all live gateways have the newest version of its objects.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "T",
            defaultValue = "60s",
            description = "How long --wait waits (${DEFAULT-VALUE}).")
    private Duration timeout;

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
        List<String> behind = List.of();
        if (wait) {
            GatewayWait waiting = GatewayWait.begun(pieces);
            long end = System.nanoTime() + timeout.toNanos();
            behind = waiting.behind(pieces);
            while (!behind.isEmpty() && System.nanoTime() - end < 0) {
                pause();
                pieces = ask();
                behind = waiting.behind(pieces);
            }
        }
        print(pieces);
        if (!behind.isEmpty()) {
            throw new CommandFailure("after " + timeout.toMillis()
                    + " ms these gateways do not have the newest version: " + String.join(", ", behind));
        }
        boolean sound = pieces.getFirst().at("/policy/errors").asInt(0) == 0;
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }

    private void print(List<JsonNode> pieces) {
        var out = command.commandLine().getOut();
        switch (output) {
            case TEXT -> new StatusText(out, coloured, clock.instant()).print(pieces);
            case JSON -> pieces.forEach(out::println);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.UNKNOWN, "interrupted while waiting");
        }
    }

    private List<JsonNode> ask() {
        try {
            return new ControlClient(dataDirectory.resolve(environment)).ask("status", Map.of());
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }
}
