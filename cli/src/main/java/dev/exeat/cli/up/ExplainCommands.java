package dev.exeat.cli.up;

import dev.exeat.cli.answer.Answer;
import dev.exeat.cli.answer.AnswerJson;
import dev.exeat.cli.answer.Question;
import dev.exeat.cli.answer.Reexamination;
import dev.exeat.cli.running.RunningPolicies;
import dev.exeat.control.Configuration;
import dev.exeat.control.local.ControlCommand;
import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.RecentRecords;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.query.Flow;
import dev.exeat.flow.query.FlowReader;
import dev.exeat.policy.explain.Explainer;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code exeat explain --server} and {@code exeat diff} from the policies in force. */
final class ExplainCommands {
    private final Configuration configuration;
    private final String trustDomain;
    private final RecentRecords recent;
    private final Function<String, @Nullable Flow> history;
    private final InstantSource clock;

    /** @param history answers with what is recorded of a connection that ended longer ago */
    ExplainCommands(
            Configuration configuration,
            String trustDomain,
            RecentRecords recent,
            Function<String, @Nullable Flow> history,
            InstantSource clock) {
        this.configuration = configuration;
        this.trustDomain = trustDomain;
        this.recent = recent;
        this.history = history;
        this.clock = clock;
    }

    Map<String, ControlCommand> all() {
        return Map.of("explain", this::explain, RunningPolicies.QUESTION, _ -> RunningPolicies.pieces(configuration));
    }

    private Stream<Map<String, ?>> explain(Map<String, String> arguments) {
        Answer answer;
        if (arguments.containsKey("id")) {
            answer = Reexamination.of(kept(arguments.get("id")), explainer());
        } else if (arguments.containsKey("record")) {
            answer = Reexamination.of(read(arguments.get("record")), explainer());
        } else {
            answer = Answer.of(explainer().explain(Question.of(arguments).attempt(trustDomain, clock.instant())));
        }
        return AnswerJson.pieces(answer);
    }

    private Explainer explainer() {
        return configuration.explainer();
    }

    private Flow kept(String id) {
        ConnectionRecord record = recent.find(id);
        Flow connection = record == null ? history.apply(id) : Flow.of(record, new RecordEncoder());
        if (connection == null) {
            throw new IllegalArgumentException("no connection " + id
                    + " is known here; if there is a file of records, name it with --records FILE");
        }
        return connection;
    }

    private static Flow read(String line) {
        try {
            return new FlowReader().read(line);
        } catch (RecordFormatException e) {
            throw new IllegalArgumentException("the record is broken: " + e.getMessage(), e);
        }
    }
}
