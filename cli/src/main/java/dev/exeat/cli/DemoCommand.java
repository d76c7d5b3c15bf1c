package dev.exeat.cli;

import dev.exeat.cli.demo.Demo;
import dev.exeat.cli.role.ProcessSignal;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code exeat demo}. */
@Command(
        name = "demo",
        description =
                "Tell a story on real sockets: three workloads, who goes where, and policies by name and identity.",
        footer = {
            "",
            "Starts a gateway and three workload proxies as processes of their own, asks by curl, and checks every",
            "answer. Ends with 0 only if all was as expected. Nothing is left behind."
        })
final class DemoCommand implements Callable<Integer> {
    private final Console console;
    private final Map<String, String> environment;

    @Option(names = "--online", description = "Ask the real sites of Wikipedia instead of stand-ins on this machine.")
    private boolean online;

    @Option(names = "--keep", description = "Leave everything running at the end, and say how to go on by hand.")
    private boolean keep;

    DemoCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        String home = System.getProperty("exeat.home");
        if (home == null) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN, "run it by the launcher, ./exeat demo: it starts processes by it");
        }
        Thread telling = Thread.currentThread();
        ProcessSignal.handle("INT", telling::interrupt);
        ProcessSignal.handle("TERM", telling::interrupt);
        return new Demo(
                        new Demo.Options(Path.of(home), online, keep, console.colouredOut()),
                        console.out(),
                        environment)
                .run();
    }
}
