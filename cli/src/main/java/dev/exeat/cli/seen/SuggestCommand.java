package dev.exeat.cli.seen;

import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat suggest}. */
@Command(
        name = "suggest",
        description = "Write the EgressPolicy objects that allow what was seen, and nothing else.",
        footer = {
            "",
            "One for each service account, with exact names; a wildcard only for a domain of one owner below which many",
            "names were seen and new ones kept coming. Comments tell how often each was seen and when last, and what is",
            "left out. Read them before you apply them: what was seen is not always what should be.",
            "",
            "Exit code 0, 1 if nothing was seen, 3 if the history or the file cannot be read."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class SuggestCommand implements Callable<Integer> {
    private final Console console;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private EvidenceOptions evidence;

    @Option(
            names = "--trust-domain",
            paramLabel = "TD",
            defaultValue = "cluster.local",
            description = "The gateway's trust domain; policies by service account are for its identities"
                    + " (${DEFAULT-VALUE}).")
    private String trustDomain;

    public SuggestCommand(Console console, InstantSource clock, Map<String, String> environment) {
        this.console = console;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        Evidence seen = evidence.read(environment, console.in(), clock.instant());
        new SuggestionText(command.commandLine().getOut(), new Wildcards(PublicSuffixes.bundled()), trustDomain)
                .print(seen);
        return seen.identities().isEmpty() ? ExitCode.FAILED : ExitCode.OK;
    }
}
