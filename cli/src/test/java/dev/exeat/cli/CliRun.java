package dev.exeat.cli;

import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.role.Signals;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a command line came to: its exit code, what it printed, and the settings it asked a role with. */
record CliRun(int exitCode, String out, String err, List<Object> settings) {

    static CliRun of(String... arguments) {
        return of(Map.of(), arguments);
    }

    static CliRun of(Map<String, String> environment, String... arguments) {
        Map<String, String> all = new HashMap<>(Map.of("HOME", "/home/somebody"));
        all.putAll(environment);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        Console console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                errors,
                false,
                false);
        CapturedRoles roles = new CapturedRoles();
        int exitCode = new Cli(console, all)
                .run(roles, new RoleRunner(errors, false, Signals.raisedOnly()), List.of(arguments));
        return new CliRun(
                exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), roles.settings);
    }

    <T> T settings(Class<T> type) {
        if (settings.size() != 1) {
            throw new AssertionError("no role was asked for; exit code " + exitCode + ": " + err);
        }
        return type.cast(settings.getFirst());
    }
}
