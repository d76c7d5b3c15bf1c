package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.options.GatewayTraits;
import dev.exeat.cli.settings.PolicySettings;
import dev.exeat.cli.up.GatewayAccount;
import dev.exeat.control.ManifestSet;
import dev.exeat.model.Enforcement;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.ListContent;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which policies are asked, and how the gateway would read them. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class PolicyOptions {
    static final String ROOT_NAMESPACE = "istio-system";
    private static final String STANDARD_INPUT = "-";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "PATH",
            split = ",",
            hideParamSyntax = true,
            description = "Files, directories with all below them, or - for standard input. Repeatable.")
    private @Nullable List<String> paths;

    @Mixin
    private GatewayTraits traits;

    public String trustDomain() {
        return traits.trustDomain();
    }

    /** Whether any files are named. */
    public boolean given() {
        return paths != null;
    }

    /**
     * How a running gateway reads its policies it knows itself.
     *
     * @throws ParameterException if the command line says it
     */
    void refuseTraits() {
        for (String option : List.of("--registry", "--compat", "--label", "--trust-domain")) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        command.commandLine(),
                        option + " goes with -f; a running gateway reads policies as it was told to");
            }
        }
    }

    /** The files named. @throws ParameterException if none is */
    public List<String> paths() {
        if (paths == null) {
            throw new ParameterException(command.commandLine(), "which policies? Name files or directories with -f");
        }
        paths.forEach(PolicyOptions::requireReadable);
        return paths;
    }

    /** Lists that a gateway fetches at run time count as loaded and empty. */
    public PolicyCompiler compiler() {
        PolicySettings settings = new PolicySettings(
                List.of(), List.of(), traits.registry(), Enforcement.ENFORCE, traits.compat(), traits.labels());
        return new PolicyCompiler(new CompileOptions(
                traits.registry(),
                Enforcement.ENFORCE,
                GatewayAccount.labels(settings),
                GatewayAccount.workload(traits.compat(), traits.trustDomain()),
                ROOT_NAMESPACE,
                false,
                spec -> new ListContent(List.of(), Instant.EPOCH, false)));
    }

    /** Reads the files named. */
    public ManifestSet read(PolicyCompiler compiler, InputStream standardInput) {
        return read(compiler.recompiler(), standardInput);
    }

    /** The same by one that then compiles them. */
    ManifestSet read(Recompiler recompiler, InputStream standardInput) {
        return read(recompiler, paths(), standardInput);
    }

    /** Reads the files at other paths. */
    public static ManifestSet read(PolicyCompiler compiler, List<String> paths, InputStream standardInput) {
        return read(compiler.recompiler(), paths, standardInput);
    }

    private static ManifestSet read(Recompiler recompiler, List<String> paths, InputStream standardInput) {
        paths.forEach(PolicyOptions::requireReadable);
        ManifestSet set = ManifestSet.read(recompiler, paths, standardInput);
        if (set.files() == 0) {
            throw new CommandFailure(
                    ExitCode.UNKNOWN, "there is no *.yaml, *.yml or *.json file in " + String.join(", ", paths));
        }
        return set;
    }

    private static void requireReadable(String path) {
        try {
            if (!path.equals(STANDARD_INPUT) && !Files.isReadable(Path.of(path))) {
                throw new CommandFailure(
                        ExitCode.UNKNOWN,
                        Files.exists(Path.of(path)) ? "cannot read " + path : "there is no file or directory " + path);
            }
        } catch (InvalidPathException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "'" + path + "' is no path: " + e.getReason());
        }
    }
}
