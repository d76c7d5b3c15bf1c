package dev.exeat.cli;

import dev.exeat.cli.options.EnvironmentDefaults;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells people what was wrong with their command line, or why the command failed. */
final class UsageErrors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final EnvironmentDefaults defaults;

    UsageErrors(EnvironmentDefaults defaults) {
        this.defaults = defaults;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine commandLine = e.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println(name(commandLine) + ": " + message(e));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                err.println("Did you mean " + String.join(" or ", suggestions) + "?");
            }
        }
        String help = commandLine.getParent() == null ? "exeat help" : helpFor(commandLine);
        err.println("Try '" + help + "'.");
        return ExitCode.USAGE;
    }

    private static String helpFor(CommandLine commandLine) {
        String qualified = commandLine.getCommandSpec().qualifiedName();
        return "exeat help " + qualified.substring(qualified.indexOf(' ') + 1);
    }

    private static String name(CommandLine commandLine) {
        return commandLine.getCommandSpec().qualifiedName();
    }

    private String message(ParameterException e) {
        String message = e.getMessage() == null ? "wrong usage" : e.getMessage();
        // A value of the environment is not on the command line, where people would look for it.
        if (e.getArgSpec() instanceof OptionSpec option
                && defaults.isSet(option)
                && message.contains(option.longestName())) {
            return message + " (from the environment variable " + EnvironmentDefaults.variable(option) + ")";
        }
        return message;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parseResult) {
        PrintWriter err = commandLine.getErr();
        if (e instanceof CommandFailure failure) {
            err.println(name(commandLine) + ": " + failure.getMessage());
            return failure.exitCode();
        }
        err.println(name(commandLine) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        if (isFault(e)) {
            err.println("This is a fault in Exeat; please report it with what follows.");
            e.printStackTrace(err);
        }
        return ExitCode.FAILED;
    }

    /** The JDK's own unchecked exceptions are never written for an operator; those of Exeat are. */
    private static boolean isFault(Exception e) {
        return e instanceof RuntimeException && e.getClass().getName().startsWith("java.lang.");
    }
}
