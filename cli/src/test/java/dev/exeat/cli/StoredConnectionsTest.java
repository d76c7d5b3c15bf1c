package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Durations;
import dev.exeat.flow.ConnectionRecord.Event;
import dev.exeat.flow.ConnectionRecord.Names;
import dev.exeat.flow.ConnectionRecord.Route;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Source;
import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.store.Entry;
import dev.exeat.flow.store.FlowTable;
import dev.exeat.flow.store.SqliteFlows;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at the past, over a store as a gateway writes it. */
class StoredConnectionsTest {
    private static final Instant HOUR = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.HOURS);
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount("cluster.local", "default", "sleep");
    private static final Ruling ALLOWED = new Ruling(Verdict.ALLOWED, null, null, "", null, "01");
    private static final String DENY_ALL = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: proposed, namespace: default}
            spec:
              sources: [{serviceAccounts: [sleep]}]
              destinations: [{hosts: [pastebin.example]}]
              action: Deny
            """;

    @TempDir
    private Path directory;

    private FlowTable table;
    private int number;

    @BeforeEach
    void open() {
        table = new SqliteFlows(directory.resolve(SqliteFlows.FILE)).table();
    }

    @AfterEach
    void close() {
        table.close();
    }

    private void record(Instant time, Event event, String host, Ruling ruling) {
        ConnectionRecord record = new ConnectionRecord(
                "a-" + ++number,
                time,
                event,
                "tunnel",
                "connect-h2",
                new Source(SLEEP, "10.0.0.7", 4711),
                new Names(host, null, 443),
                new Route(List.of(), List.of(), List.of(), null),
                ruling,
                null,
                null,
                new Traffic(0, 0, ""),
                new Durations(1, 1, 1, 1, 1, 1));
        table.append(List.of(Entry.of(record, new RecordEncoder())));
    }

    private CliRun run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data-dir", directory.toString()));
        return CliRun.of(all.toArray(String[]::new));
    }

    @Test
    void a_connection_that_is_still_open_is_seen_by_every_command() throws IOException {
        record(HOUR.minus(Duration.ofDays(40)), Event.FINAL, "a.test", ALLOWED);
        record(HOUR.minus(Duration.ofDays(3)), Event.OPEN, "pastebin.example", ALLOWED);
        Path baseline = Files.writeString(directory.resolve("baseline.txt"), "# nothing\n");
        Path policy = Files.writeString(directory.resolve("deny.yaml"), DENY_ALL);

        assertThat(run("replay", "-f", policy.toString(), "--registry=ALLOW_ANY")
                        .out())
                .contains("default/sleep  pastebin.example:443  allow   deny   1 ");
        assertThat(run("findings", "--since=7d").out())
                .startsWith("first-seen: default/sleep -> pastebin.example:443: first allowed (once, ");
        assertThat(run("suggest").out()).contains("- pastebin.example # 1 times");
        assertThat(run("drift", "--baseline", baseline.toString()).out())
                .contains("default/sleep  pastebin.example:443");
        assertThat(run("ready").out()).contains("default/sleep  1 ");
        assertThat(run("flows", "summary", "--since=1d").out())
                .startsWith("1 connections since ")
                .contains("pastebin.example:443");
    }

    @Test
    void the_minute_in_which_a_period_begins_hides_no_first_visit() {
        record(HOUR.minusSeconds(600), Event.FINAL, "a.test", ALLOWED);
        record(HOUR.plusSeconds(40), Event.FINAL, "pastebin.example", ALLOWED);

        CliRun run = run("findings", "--kind=first-seen", "--since=" + HOUR.plusSeconds(30));

        assertThat(run.out()).startsWith("first-seen: default/sleep -> pastebin.example:443: ");
        assertThat(run("findings", "--kind=first-seen", "--since=" + HOUR.plusSeconds(50))
                        .exitCode())
                .isZero();
    }

    @Test
    void what_no_policy_was_asked_about_needs_no_rule() throws IOException {
        Path policy = Files.writeString(directory.resolve("deny.yaml"), DENY_ALL);
        record(
                HOUR,
                Event.FINAL,
                "pastebin.example",
                new Ruling(Verdict.FAILED, null, Reason.CLIENT_GONE, "", null, ""));

        assertThat(run("rules", "unused", "-f", policy.toString(), "--registry=ALLOW_ANY")
                        .out())
                .contains("EgressPolicy/default/proposed[0]");
        record(HOUR, Event.FINAL, "pastebin.example", ALLOWED);
        assertThat(run("rules", "unused", "-f", policy.toString(), "--registry=ALLOW_ANY")
                        .out())
                .startsWith("0 of 1 rules");
    }
}
