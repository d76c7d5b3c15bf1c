package dev.exeat.cli;

import dev.exeat.cli.log.LogProvider;
import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.role.Signals;
import dev.exeat.cli.up.EmbeddedRoles;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where the program begins, and where alone it exits. */
public final class Main {
    private static final Set<String> ROLES = Set.of("up", "gateway", "proxy");

    private Main() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        List<String> arguments = List.of(args);
        LogProvider.choose();
        if (!arguments.isEmpty() && ROLES.contains(arguments.getFirst())) {
            EmbeddedRoles.prepare();
        }
        // UTF-8 whatever the locale: names, titles and JSON are.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Console console = Console.of(System.in, out, err, environment, arguments);
        RoleRunner runner = new RoleRunner(err, console.colouredErr(), Signals.ofProcess());
        int exitCode = new Cli(console, environment)
                .run(new EmbeddedRoles(BuildInfo.read().version()), runner, arguments);
        out.flush();
        System.exit(exitCode);
    }
}
