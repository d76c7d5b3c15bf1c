package dev.exeat.cli.options;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every option can also be set by an environment variable: {@code --data-dir} by {@code EXEAT_DATA_DIR}. Flags win. */
public final class EnvironmentDefaults implements IDefaultValueProvider {
    private static final String PREFIX = "EXEAT_";
    private final Map<String, String> environment;

    public EnvironmentDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The variable of an option, named after its longest name. */
    public static String variable(OptionSpec option) {
        return PREFIX + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    public boolean isSet(OptionSpec option) {
        if (option.usageHelp()) {
            return false;
        }
        String value = environment.get(variable(option));
        return value != null && !value.isEmpty();
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && isSet(option) ? environment.get(variable(option)) : null;
    }
}
