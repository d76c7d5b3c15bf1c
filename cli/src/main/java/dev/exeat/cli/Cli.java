package dev.exeat.cli;

import dev.exeat.cli.ask.ExplainCommand;
import dev.exeat.cli.audit.AuditCommand;
import dev.exeat.cli.audit.AuditVerifyCommand;
import dev.exeat.cli.backup.BackupCommand;
import dev.exeat.cli.backup.RestoreCommand;
import dev.exeat.cli.cases.TestCommand;
import dev.exeat.cli.diff.DiffCommand;
import dev.exeat.cli.findings.FindingsCommand;
import dev.exeat.cli.lint.LintCommand;
import dev.exeat.cli.objects.ApplyCommand;
import dev.exeat.cli.objects.DeleteCommand;
import dev.exeat.cli.objects.GetCommand;
import dev.exeat.cli.observe.ObserveCommand;
import dev.exeat.cli.observe.TopCommand;
import dev.exeat.cli.options.Converters;
import dev.exeat.cli.options.EnvironmentDefaults;
import dev.exeat.cli.replay.ReplayCommand;
import dev.exeat.cli.role.RoleFactory;
import dev.exeat.cli.role.RoleRunner;
import dev.exeat.cli.rules.RulesCommand;
import dev.exeat.cli.rules.UnusedCommand;
import dev.exeat.cli.seen.DriftCommand;
import dev.exeat.cli.seen.FlowsCommand;
import dev.exeat.cli.seen.ReadyCommand;
import dev.exeat.cli.seen.SuggestCommand;
import dev.exeat.cli.seen.SummaryCommand;
import dev.exeat.cli.setup.ProxySetupCommand;
import dev.exeat.cli.status.StatusCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Puts the commands together. */
final class Cli {
    private static final int WIDTH = 110;
    private static final String HELP = "help";
    private static final String PROXY = "proxy";

    private final Console console;
    private final Map<String, String> environment;

    /** @param console where commands print */
    Cli(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = Map.copyOf(environment);
    }

    /** @return the exit code */
    int run(RoleFactory roles, RoleRunner runner, List<String> arguments) {
        Map<String, Supplier<CommandLine>> commands = commands(roles, runner);
        // A role is to start fast, and the model of each command costs time: only the one that is called is made.
        String called = arguments.isEmpty() ? "" : arguments.getFirst();
        Map<String, Supplier<CommandLine>> needed =
                commands.containsKey(called) && !called.equals(HELP) ? Map.of(called, commands.get(called)) : commands;
        CommandLine commandLine = commandLine(needed);
        CommandLine proxy = commandLine.getSubcommands().get(PROXY);
        if (proxy != null && arguments.size() > 1 && arguments.get(1).equals("setup")) {
            requireNothing(proxy.getCommandSpec());
        }
        return commandLine.execute(arguments.toArray(String[]::new));
    }

    /** What a command cannot do without, its subcommand can; picocli would ask for it all the same. */
    private static void requireNothing(CommandSpec command) {
        for (OptionSpec option : List.copyOf(command.options())) {
            if (option.required()) {
                command.remove(option);
                command.addOption(OptionSpec.builder(option).required(false).build());
            }
        }
    }

    /** All commands. */
    CommandLine commandLine(RoleFactory roles, RoleRunner runner) {
        return commandLine(commands(roles, runner));
    }

    private CommandLine commandLine(Map<String, Supplier<CommandLine>> commands) {
        // Or picocli looks for Groovy through every jar, which takes a start a fifth of its time.
        System.setProperty("picocli.disable.closures", "true");
        CommandLine root = new CommandLine(new RootCommand());
        commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
        return configure(root);
    }

    private Map<String, Supplier<CommandLine>> commands(RoleFactory roles, RoleRunner runner) {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("up", () -> new CommandLine(new UpCommand(roles, runner, environment)));
        commands.put("gateway", () -> new CommandLine(new GatewayCommand(roles, runner, environment)));
        commands.put(
                PROXY, () -> new CommandLine(new ProxyCommand(roles, runner)).addSubcommand(new ProxySetupCommand()));
        commands.put(
                "token", () -> new CommandLine(new TokenCommand()).addSubcommand(new TokenCommand.Create(environment)));
        commands.put("svid", () -> new CommandLine(new SvidCommand()).addSubcommand(new SvidCommand.Fetch()));
        commands.put("validate", () -> new CommandLine(new ValidateCommand(console.in(), console.colouredOut())));
        commands.put(
                "lint",
                () -> new CommandLine(new LintCommand(
                        console.in(),
                        console.colouredOut(),
                        InstantSource.system(),
                        BuildInfo.read().version())));
        commands.put(
                "explain",
                () -> new CommandLine(
                        new ExplainCommand(console.in(), console.colouredOut(), InstantSource.system(), environment)));
        commands.put(
                "test",
                () -> new CommandLine(new TestCommand(console.in(), console.colouredOut(), InstantSource.system())));
        commands.put("diff", () -> new CommandLine(new DiffCommand(console, InstantSource.system(), environment)));
        commands.put("apply", () -> new CommandLine(new ApplyCommand(console.in(), environment)));
        commands.put("get", () -> new CommandLine(new GetCommand(console.in(), environment)));
        commands.put("delete", () -> new CommandLine(new DeleteCommand(console.in(), environment)));
        commands.put("backup", () -> new CommandLine(new BackupCommand(environment)));
        commands.put("restore", () -> new CommandLine(new RestoreCommand(InstantSource.system(), environment)));
        commands.put("kubeconfig", () -> new CommandLine(new KubeconfigCommand(environment)));
        commands.put(
                "status",
                () -> new CommandLine(new StatusCommand(console.colouredOut(), InstantSource.system(), environment)));
        commands.put("import", () -> new CommandLine(new ImportCommand(console.in(), console.colouredErr())));
        commands.put(
                "conn",
                () -> new CommandLine(new ConnCommand())
                        .addSubcommand(new ConnCommand.ListAll(environment))
                        .addSubcommand(new ConnCommand.Kill(environment))
                        .addSubcommand(new ConnLimitsCommand(environment)));
        commands.put("audit", () -> new CommandLine(new AuditCommand()).addSubcommand(new AuditVerifyCommand()));
        commands.put(
                "observe", () -> new CommandLine(new ObserveCommand(console, InstantSource.system(), environment)));
        commands.put("top", () -> new CommandLine(new TopCommand(console, InstantSource.system(), environment)));
        commands.put(
                "flows",
                () -> new CommandLine(new FlowsCommand())
                        .addSubcommand(new SummaryCommand(console, InstantSource.system(), environment)));
        commands.put("replay", () -> new CommandLine(new ReplayCommand(console, InstantSource.system(), environment)));
        commands.put(
                "suggest", () -> new CommandLine(new SuggestCommand(console, InstantSource.system(), environment)));
        commands.put("drift", () -> new CommandLine(new DriftCommand(console, InstantSource.system(), environment)));
        commands.put(
                "findings", () -> new CommandLine(new FindingsCommand(console, InstantSource.system(), environment)));
        commands.put("ready", () -> new CommandLine(new ReadyCommand(console, InstantSource.system(), environment)));
        commands.put(
                "rules",
                () -> new CommandLine(new RulesCommand())
                        .addSubcommand(new UnusedCommand(console, InstantSource.system(), environment)));
        commands.put("demo", () -> new CommandLine(new DemoCommand(console, environment)));
        commands.put("version", () -> new CommandLine(new VersionCommand()));
        commands.put(HELP, () -> new CommandLine(new HelpCommand()));
        return commands;
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
