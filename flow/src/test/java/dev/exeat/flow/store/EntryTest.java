package dev.exeat.flow.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.ConnectionRecord.Ruling;
import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.RecordEncoder;
import dev.exeat.flow.query.FlowReader;
import dev.exeat.model.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "ALLOWED, -, would-deny, policy_denied",
                "DENIED, ADDRESS_FORBIDDEN, denied, address_forbidden",
                "FAILED, DIAL_FAILED, failed, dial_failed"
            })
    void sums_what_an_audit_let_pass_as_what_became_of_it(
            Verdict verdict, @Nullable Reason reason, String summed, String why) {
        ConnectionRecord plain = Entries.record("a-1");
        ConnectionRecord record = new ConnectionRecord(
                plain.id(),
                plain.time(),
                plain.event(),
                plain.listener(),
                plain.mode(),
                plain.source(),
                plain.names(),
                plain.route(),
                new Ruling(verdict, Reason.POLICY_DENIED, reason, "", null, "01"),
                null,
                null,
                plain.traffic(),
                plain.durations());

        Entry entry = Entry.of(record, new RecordEncoder());

        assertThat(entry.group().verdict()).isEqualTo(summed);
        assertThat(entry.group().reason()).isEqualTo(why);
        assertThat(Entry.of(new FlowReader().read(entry.line().get())).group()).isEqualTo(entry.group());
    }
}
