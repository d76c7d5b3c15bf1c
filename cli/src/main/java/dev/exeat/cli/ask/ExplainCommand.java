package dev.exeat.cli.ask;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import dev.exeat.cli.ProblemPrinter;
import dev.exeat.cli.answer.Answer;
import dev.exeat.cli.answer.AnswerJson;
import dev.exeat.cli.answer.Question;
import dev.exeat.cli.answer.QuestionException;
import dev.exeat.cli.answer.Reexamination;
import dev.exeat.cli.observe.StoredFlowOptions;
import dev.exeat.control.ManifestSet;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.local.ControlException;
import dev.exeat.flow.query.Attempts;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.store.FlowHistory;
import dev.exeat.flow.store.FlowStoreException;
import dev.exeat.model.Attempt;
import dev.exeat.model.Problem;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.Recompiler;
import dev.exeat.policy.explain.Explainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exeat explain}. */
@Command(
        name = "explain",
        description = "Say whether a client may reach a host, why, and what would change that.",
        footer = {
            "",
            "Asks the policies in files (-f), or those in force in the gateway on this machine (--server). With the id of",
            "a connection, from its record or its 403, it says what became of that one and why.",
            "",
            "The stages are asked in this order, and all must let the connection pass: names must agree, the registry,",
            "routes, Mixer's checks, AuthorizationPolicy, EgressPolicy, the guard of addresses after the look-up.",
            "",
            "Exit code 0 if it is allowed, 1 if denied, 3 if that cannot be told."
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class ExplainCommand implements Callable<Integer> {
    private final InputStream in;
    private final boolean coloured;
    private final InstantSource clock;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "CONNECTION-ID", arity = "0..1", description = "A connection that ended.")
    private @Nullable String id;

    @Mixin
    private AttemptOptions attempt;

    @Option(
            names = {"--server", "--in-force"},
            description = "Ask the 'exeat up' or 'exeat gateway' that holds the data directory.")
    private boolean server;

    @Mixin
    private PolicyOptions policy;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "text for people, or json (${DEFAULT-VALUE}).")
    private Output output;

    @Mixin
    private StoredFlowOptions source;

    /** How the answer is printed. */
    enum Output {
        TEXT,
        JSON
    }

    /** @param in what {@code -f -} reads */
    public ExplainCommand(InputStream in, boolean coloured, InstantSource clock, Map<String, String> environment) {
        this.in = in;
        this.coloured = coloured;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Integer call() {
        if (id != null && attempt.given()) {
            throw wrong("give the id of a connection, or an attempt with --as and --to, not both");
        }
        if (server && policy.given()) {
            throw wrong("give -f or --server, not both");
        }
        if (!policy.given()) {
            policy.refuseTraits();
        }
        if (id == null && source.isFile()) {
            throw wrong("--records needs the id of a connection");
        }
        Answer answer = (id == null ? attempted() : recorded(id)).seenFrom(here());
        switch (output) {
            case TEXT -> new AnswerText(command.commandLine().getOut(), coloured).print(answer);
            case JSON -> command.commandLine().getOut().println(AnswerJson.line(answer));
        }
        return answer.allowed() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Where patches are made. */
    private static Path here() {
        try {
            return Path.of("").toRealPath();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, "the working directory cannot be read: " + e.getMessage());
        }
    }

    private Answer attempted() {
        Question question = attempt.question();
        Attempt asked = parsed(question);
        if (server) {
            return ask(question.arguments());
        }
        if (!policy.given()) {
            throw wrong("which policies? Name files with -f, or ask the running gateway with --server");
        }
        return Answer.of(explainer().explain(asked));
    }

    private Attempt parsed(Question question) {
        try {
            return question.attempt(policy.trustDomain(), clock.instant());
        } catch (QuestionException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Answer recorded(String connection) {
        if (!policy.given() && !source.isFile() && !source.isShared()) {
            return ask(Map.of("id", connection));
        }
        Flow found = find(connection);
        if (new Attempts().of(found) == null) {
            return Reexamination.unjudged(found);
        }
        return policy.given() ? Reexamination.of(found, explainer()) : ask(Map.of("record", found.line()));
    }

    private Flow find(String connection) {
        try (FlowHistory history = source.open(environment, in)) {
            Flow flow = history.find(connection);
            if (flow == null) {
                throw new CommandFailure(
                        ExitCode.UNKNOWN, "there is no record of " + connection + " in " + source.name(environment));
            }
            return flow;
        } catch (FlowStoreException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private Explainer explainer() {
        PolicyCompiler compiler = policy.compiler();
        Recompiler recompiler = compiler.recompiler();
        ManifestSet set = policy.read(recompiler, in);
        List<Problem> unread = set.problems().stream()
                .filter(problem -> problem.isError() && problem.object() == null)
                .toList();
        if (!unread.isEmpty()) {
            ProblemPrinter printer = new ProblemPrinter(command.commandLine().getErr(), coloured);
            unread.forEach(printer::print);
            throw new CommandFailure(
                    ExitCode.UNKNOWN, "some of the policies cannot be read, so what they say cannot be told");
        }
        return new Explainer(compiler, set.all(), recompiler);
    }

    private Answer ask(Map<String, String> arguments) {
        try {
            return AnswerJson.whole(new ControlClient(source.dataDirectory(environment)).ask("explain", arguments));
        } catch (ControlException e) {
            throw new CommandFailure(ExitCode.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
