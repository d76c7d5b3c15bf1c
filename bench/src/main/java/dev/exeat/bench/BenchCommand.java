package dev.exeat.bench;

import dev.exeat.bench.machine.Cores;
import dev.exeat.bench.machine.Machine;
import dev.exeat.bench.result.Report;
import dev.exeat.bench.result.Results;
import dev.exeat.bench.result.ScenarioResult;
import dev.exeat.bench.scenario.Findings;
import dev.exeat.bench.scenario.Scenario;
import dev.exeat.bench.scenario.Scenarios;
import dev.exeat.bench.scenario.Stand;
import dev.exeat.bench.subject.ExeatProgram;
import dev.exeat.bench.subject.Subject;
import dev.exeat.bench.subject.Subjects;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, writes the result file after each scenario, and prints the tables. */
@Command(
        name = "exeat-bench",
        description = "Measures Exeat beside the peers that bench/peers.sh found.",
        subcommands = {ReportCommand.class, HistoryCommand.class})
final class BenchCommand implements Callable<Integer> {
    private static final double MILLIS_PER_SECOND = 1000;

    @Option(names = "--only", split = ",", paramLabel = "SCENARIO", description = "Only these scenarios.")
    List<String> only = List.of();

    @Option(names = "--subjects", split = ",", paramLabel = "PROGRAM", description = "Only these programs.")
    List<String> programs = List.of();

    @Option(names = "--rounds", defaultValue = "10", description = "Rounds of each program; default 10.")
    int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Seconds of load in each round; default 2.")
    double seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "15",
            description = "Seconds that what is compiled while it runs has to run before it is measured; default 15.")
    int warmUp;

    @Option(names = "--quick", description = "3 rounds of 1 second: enough to see whether all works.")
    boolean quick;

    @Option(names = "--list", description = "List the scenarios and end.")
    boolean list;

    @Option(names = "--no-peer-logs", description = "Peers write no access log; Exeat always writes its records.")
    boolean noPeerLogs;

    @Option(names = "--keep", description = "Leave what the programs wrote, to look at it.")
    boolean keep;

    @Option(names = "--cores", paramLabel = "M,L", description = "Core of the measured program, core of the load.")
    String cores = "";

    @Option(names = "--exeat", required = true, paramLabel = "FILE", description = "The launcher of what is measured.")
    Path exeat = Path.of("exeat");

    @Option(names = "--peers", required = true, paramLabel = "DIR", description = "What bench/peers.sh filled.")
    Path peers = Path.of("peers");

    @Option(names = "--work", required = true, paramLabel = "DIR", description = "For the programs' files.")
    Path work = Path.of("work");

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The result file.")
    Path out = Path.of("results.json");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Say what can be asked for.")
    boolean help;

    @Override
    public Integer call() throws IOException {
        PrintStream terminal = System.out;
        if (list) {
            Scenarios.all().forEach(scenario -> terminal.printf("%-18s %s%n", scenario.id(), scenario.title()));
            return 0;
        }
        List<Scenario> chosen = chosen();
        if (quick) {
            rounds = 3;
            seconds = 1;
        }
        Machine machine = Machine.here();
        ExeatProgram program = new ExeatProgram(exeat);
        Subjects subjects = Subjects.find(program, peers).only(programs);
        Path directory = Files.createTempDirectory(Files.createDirectories(work.toAbsolutePath()), "run");
        Stand.Settings settings = new Stand.Settings(
                rounds,
                Duration.ofMillis(Math.round(seconds * MILLIS_PER_SECOND)),
                Duration.ofSeconds(warmUp),
                cores.isEmpty() ? Cores.standard() : Cores.parse(cores),
                !noPeerLogs,
                directory);
        Results results = measure(chosen, machine, new Run(settings, subjects, program));
        terminal.println(new Report(results).text());
        return 0;
    }

    private record Run(Stand.Settings settings, Subjects subjects, ExeatProgram program) {}

    private Results measure(List<Scenario> chosen, Machine machine, Run run) {
        String taken = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        List<Results.Measured> measured = new ArrayList<>();
        for (Subject subject : run.subjects().all()) {
            measured.add(new Results.Measured(
                    subject.name(),
                    subject.release().version(),
                    subject.release().tls()));
        }
        List<ScenarioResult> scenarios = new ArrayList<>();
        Results results = new Results(taken, machine, rounds, seconds, measured, scenarios);
        PrintStream progress = System.err;
        try (Stand stand = new Stand(run.settings(), run.subjects(), run.program(), progress::println)) {
            for (Scenario scenario : chosen) {
                stand.say(scenario.id() + ": " + scenario.title());
                Findings findings = new Findings();
                try {
                    scenario.run(stand, findings);
                } catch (IllegalStateException e) {
                    findings.note("ended early: " + e.getMessage());
                    stand.say("  ended early: " + e.getMessage());
                }
                scenarios.add(findings.result(scenario));
                results.write(out);
                if (!keep) {
                    stand.clear();
                }
            }
        }
        return results;
    }

    private List<Scenario> chosen() {
        List<String> known = Scenarios.all().stream().map(Scenario::id).toList();
        for (String id : only) {
            if (!known.contains(id)) {
                throw new IllegalArgumentException("there is no scenario " + id + "; --list tells which there are");
            }
        }
        return Scenarios.all().stream()
                .filter(scenario -> only.isEmpty() || only.contains(scenario.id()))
                .toList();
    }
}
