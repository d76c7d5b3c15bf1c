package dev.exeat.cli.demo;

import dev.exeat.cli.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The demonstration from its start to its end. Every process and file that it makes is gone when it returns, also
 * when the thread that tells it is interrupted.
 */
public final class Demo {
    private static final List<String> TOOLS = List.of("curl", "grep", "sed", "cp", "rm", "tail");

    private final Options options;
    private final PrintStream out;
    private final Map<String, String> environment;

    /**
     * What is asked for.
     *
     * @param home where the launcher and the samples are
     * @param online whether to ask the real sites
     * @param keep whether to leave everything running at the end, until a signal
     */
    public record Options(Path home, boolean online, boolean keep, boolean coloured) {}

    public Demo(Options options, PrintStream out, Map<String, String> environment) {
        this.options = options;
        this.out = out;
        this.environment = Map.copyOf(environment);
    }

    /** @return 0 if every expectation held */
    public int run() {
        requireTools();
        Narrator narrator = new Narrator(out, options.coloured());
        try (Stage stage = new Stage(options.home(), options.online(), environment)) {
            tell(stage, narrator);
        } catch (InterruptedException e) {
            out.println();
            out.println("Interrupted; everything that ran is ended, and every file removed.");
            return ExitCode.FAILED;
        } catch (IOException e) {
            throw new DemoException("cannot set the stage: " + e, e);
        }
        narrator.summary();
        if (options.online() && !narrator.allHeld()) {
            narrator.line("With --online this machine needs name servers and a way out to Wikipedia.");
        }
        return narrator.allHeld() ? ExitCode.OK : ExitCode.FAILED;
    }

    private void tell(Stage stage, Narrator narrator) throws InterruptedException {
        Scene scene = new Scene(stage, narrator, options.online());
        Story story = new Story(scene);
        List<Workload> workloads = story.tell();
        new AccessTable(scene, narrator).print(workloads);
        if (options.keep()) {
            keep(stage, narrator, workloads);
        } else {
            story.cleanUp(workloads);
        }
    }

    /** Leaves the stage to the person until a signal comes. */
    private void keep(Stage stage, Narrator narrator, List<Workload> workloads) {
        narrator.chapter("Go on by hand");
        narrator.line("Everything still runs, in " + stage.path() + ". In another terminal:");
        narrator.line("");
        narrator.line("  cd " + stage.path() + "; PATH=$PWD/bin:$PATH; export EXEAT_NO_BUILD=1");
        for (Workload workload : workloads) {
            StringBuilder line = new StringBuilder("  ");
            workload.curlEnvironment()
                    .forEach((name, value) ->
                            line.append(name).append('=').append(value).append(' '));
            narrator.line(line + "curl -sS " + Site.GERMAN.url() + " | grep title    # as " + workload.name());
        }
        narrator.line(
                "  rm manifests/sni-serviceaccount.yaml        # the policy goes; cp it back from samples/sleep/policy");
        narrator.line("  tail -f " + Stage.ACCESS_LOG + "                       # who goes where");
        narrator.line("  curl -s " + stage.probe().address());
        narrator.line("");
        narrator.line("Ctrl-C here ends it all.");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // This is how a person says that it is enough; the story itself is told to its end.
            narrator.line("");
        }
    }

    private void requireTools() {
        List<Path> directories = Arrays.stream(
                        environment.getOrDefault("PATH", "").split(":"))
                .map(Path::of)
                .toList();
        for (String tool : TOOLS) {
            if (directories.stream().noneMatch(directory -> Files.isExecutable(directory.resolve(tool)))) {
                throw new DemoException("the demonstration runs '" + tool + "', which is not on the PATH; install it");
            }
        }
    }
}
