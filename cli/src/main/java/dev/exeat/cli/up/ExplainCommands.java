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
import dev.exeat.flow.RecordFormatException;
import dev.exeat.flow.RecordReader;
import dev.exeat.flow.RecordedConnection;
import dev.exeat.policy.explain.Explainer;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code exeat explain --server} and {@code exeat diff} from the policies in force. */
final class ExplainCommands {
    private final Configuration configuration;
    private final String trustDomain;
    private final RecentRecords recent;
    private final @Nullable String recordLog;
    private final InstantSource clock;

    /** @param recordLog where records are written, for the message about one that is not kept; null for nowhere */
    ExplainCommands(
            Configuration configuration,
            String trustDomain,
            RecentRecords recent,
            @Nullable String recordLog,
            InstantSource clock) {
        this.configuration = configuration;
        this.trustDomain = trustDomain;
        this.recent = recent;
        this.recordLog = recordLog;
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

    private RecordedConnection kept(String id) {
        ConnectionRecord record = recent.find(id);
        if (record == null) {
            throw new IllegalArgumentException("no connection " + id + " ended lately"
                    + (recordLog == null || recordLog.equals("-")
                            ? "; with --record-log FILE the gateway would have its record"
                            : "; look for its record with --records " + recordLog));
        }
        return RecordedConnection.of(record);
    }

    private static RecordedConnection read(String line) {
        try {
            return new RecordReader().read(line);
        } catch (RecordFormatException e) {
            throw new IllegalArgumentException("the record is broken: " + e.getMessage(), e);
        }
    }
}
