package dev.exeat.cli;

import dev.exeat.cli.options.Converters;
import dev.exeat.cli.options.EnvironmentDefaults;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.role.RoleRunner;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Puts the commands together. */
final class Cli {
    private static final int WIDTH = 110;

    private final Console console;
    private final Map<String, String> environment;

    /** @param console where commands print */
    Cli(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = Map.copyOf(environment);
    }

    /** @return the exit code */
    int run(RoleFactory roles, RoleRunner runner, List<String> arguments) {
        return commandLine(roles, runner).execute(arguments.toArray(String[]::new));
    }

    CommandLine commandLine(RoleFactory roles, RoleRunner runner) {
        CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand(new UpCommand(roles, runner, environment));
        root.addSubcommand(new GatewayCommand(roles, runner, environment));
        root.addSubcommand(new ProxyCommand(roles, runner));
        root.addSubcommand(new CommandLine(new TokenCommand()).addSubcommand(new TokenCommand.Create(environment)));
        root.addSubcommand(new CommandLine(new SvidCommand()).addSubcommand(new SvidCommand.Fetch()));
        root.addSubcommand(new ValidateCommand(console.in(), console.colouredOut()));
        root.addSubcommand(new DemoCommand(console, environment));
        root.addSubcommand(new VersionCommand());
        root.addSubcommand(new HelpCommand());
        return configure(root);
    }

    private CommandLine configure(CommandLine root) {
        Converters.register(root);
        EnvironmentDefaults defaults = new EnvironmentDefaults(environment);
        root.setDefaultValueProvider(defaults);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        root.setUsageHelpWidth(WIDTH);
        root.setUsageHelpAutoWidth(false);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setAbbreviatedOptionsAllowed(false);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(console.colouredOut() ? Ansi.ON : Ansi.OFF));
        UsageErrors errors = new UsageErrors(defaults);
        root.setParameterExceptionHandler(errors);
        root.setExecutionExceptionHandler(errors);
        return root;
    }
}
