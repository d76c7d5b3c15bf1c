package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentRecordsTest {
    private final RecentRecords recent = new RecentRecords();

    private static ConnectionRecord record(String id, Verdict verdict, @Nullable Reason reason) {
        ConnectionRecord usual = Records.least();
        return new ConnectionRecord(
                id,
                usual.time(),
                ConnectionRecord.Event.FINAL,
                usual.listener(),
                usual.mode(),
                usual.source(),
                usual.names(),
                usual.route(),
                new Ruling(verdict, null, reason, "", null, ""),
                null,
                null,
                usual.traffic(),
                usual.durations());
    }

    @Test
    void finds_what_ended_a_moment_ago() {
        ConnectionRecord denied = record("a-1", Verdict.DENIED, Reason.POLICY_DENIED);
        ConnectionRecord allowed = record("a-2", Verdict.ALLOWED, null);
        recent.add(denied);
        recent.add(allowed);

        assertThat(recent.find("a-1")).isSameAs(denied);
        assertThat(recent.find("a-2")).isSameAs(allowed);
        assertThat(recent.find("a-3")).isNull();
    }

    @Test
    void keeps_what_was_refused_through_a_flood_of_what_passes_and_stays_bounded() {
        recent.add(record("denied", Verdict.DENIED, Reason.POLICY_DENIED));
        for (int i = 0; i < 100_000; i++) {
            recent.add(record("allowed-" + i, Verdict.ALLOWED, null));
        }

        assertThat(recent.find("denied")).isNotNull();
        assertThat(recent.find("allowed-0")).isNull();
        assertThat(recent.find("allowed-99999")).isNotNull();
    }
}
