package dev.exeat.cli.ask;

import dev.exeat.cli.ExitCode;
import dev.exeat.control.ManifestSet;
import dev.exeat.model.Attempt;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.explain.Explainer;
import dev.exeat.policy.explain.Explanation;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code exeat explain}. */
@Command(
        name = "explain",
        description = "Say whether a client may reach a host, why, and what would change that.",
        footer = {
            "",
            "The stages are asked in this order, and all must let the connection pass: names must agree, the registry,",
            "routes, Mixer's checks, AuthorizationPolicy, EgressPolicy, the guard of addresses after the look-up.",
            "Exit code 0 if it is allowed, 1 if denied, 3 if that cannot be told."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ExplainCommand implements Callable<Integer> {
    private final InputStream in;
    private final boolean coloured;
    private final InstantSource clock;

    @Spec
    private CommandSpec command;

    @Mixin
    private AttemptOptions attempt;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people, or json (${DEFAULT-VALUE}).")
    private Output output;

    /** How the answer is printed. */
    enum Output {
        TEXT,
        JSON
    }

    /** @param in what {@code -f -} reads */
    public ExplainCommand(InputStream in, boolean coloured, InstantSource clock) {
        this.in = in;
        this.coloured = coloured;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        PolicyCompiler compiler = policy.compiler();
        Attempt asked = attempt.attempt(policy.trustDomain(), clock.instant());
        ManifestSet set = policy.read(compiler, in);
        Explanation explanation = new Explainer(compiler, set.all()).explain(asked);
        switch (output) {
            case TEXT -> new ExplanationText(command.commandLine().getOut(), coloured).print(explanation);
            case JSON -> command.commandLine().getOut().println(ExplanationJson.of(explanation));
        }
        return explanation.decision() instanceof Permit ? ExitCode.OK : ExitCode.FAILED;
    }
}
