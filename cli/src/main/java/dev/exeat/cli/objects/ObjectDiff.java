package dev.exeat.cli.objects;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.exeat.cli.Console;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ask.Printable;
import dev.exeat.cli.options.DataDirectoryOption;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.databind.node.ObjectNode;

/** What {@code exeat apply} would change in objects, as {@code kubectl diff} shows it. */
public final class ObjectDiff {
    private static final int CONTEXT_LINES = 3;

    private final Console console;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean differs;

    public ObjectDiff(Console console, CommandLine command) {
        this.console = console;
        this.out = command.getOut();
        this.err = command.getErr();
    }

    /**
     * @param paths files and directories with all below them, or {@code -}
     * @return the exit code: 0 if nothing would change, 1 if something would, 3 if that cannot be told
     */
    public int run(
            List<String> paths, ServerOptions server, DataDirectoryOption directory, Map<String, String> environment) {
        Failures failures = new Failures();
        failures.attempt(() -> {
            Access access = server.access(directory, environment);
            try (ApiClient client = new ApiClient(access, text -> err.println("Warning: " + Printable.of(text)))) {
                ObjectFiles files = new ObjectFiles(KindIndex.of(client), access, server.namespace(), failures);
                List<Declared> objects = files.read(paths, true, console.in());
                Applier applier = new Applier(client, true);
                objects.forEach(object -> failures.attempt(() -> compare(applier, object)));
            }
        });
        out.flush();
        if (failures.tell(err) != ExitCode.OK) {
            return ExitCode.UNKNOWN;
        }
        return differs ? ExitCode.FAILED : ExitCode.OK;
    }

    private void compare(Applier applier, Declared declared) {
        ObjectNode live = applier.current(declared);
        List<String> before = lines(live);
        List<String> after = lines(applier.preview(declared, live));
        if (before.equals(after)) {
            return;
        }
        differs = true;
        ResourceKind kind = declared.kind();
        String name = (kind.group().isEmpty() ? "" : kind.group() + ".") + kind.version() + "." + kind.kind() + "."
                + declared.namespace() + "." + declared.name();
        out.println("diff -u -N live/" + name + " merged/" + name);
        UnifiedDiffUtils.generateUnifiedDiff(
                        "live/" + name, "merged/" + name, before, DiffUtils.diff(before, after), CONTEXT_LINES)
                .forEach(out::println);
    }

    private static List<String> lines(@Nullable ObjectNode object) {
        if (object == null) {
            return List.of();
        }
        ObjectNode shown = object.deepCopy();
        shown.withObject("/metadata").remove("managedFields");
        return ObjectText.yaml(shown).lines().toList();
    }
}
