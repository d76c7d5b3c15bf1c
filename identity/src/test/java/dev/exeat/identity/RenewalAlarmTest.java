package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.identity.SvidState.Content;
import dev.exeat.model.SpiffeId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenewalAlarmTest {
    private final TestClock clock = new TestClock();
    private final SvidState state = new SvidState(content(Duration.ofHours(10)));

    private Content content(Duration life) {
        Svid svid = new Svid(
                SpiffeId.parse("spiffe://cluster.local/ns/default/sa/sleep"),
                List.of(new byte[1]),
                new byte[1],
                clock.instant(),
                clock.instant().plus(life));
        return new Content(svid, TrustBundle.EMPTY, Revocations.NONE);
    }

    @Test
    void is_raised_at_four_fifths_until_another_svid_comes() {
        RenewalAlarm alarm = RenewalAlarm.of(source(), clock);

        clock.advance(Duration.ofHours(8).minusSeconds(1));
        assertThat(alarm.isRaised()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(alarm.isRaised()).isTrue();
        state.replaceRevocations(state.content().revocations());
        assertThat(alarm.isRaised()).as("the same SVID with other news").isTrue();

        state.replace(content(Duration.ofHours(10)));
        assertThat(alarm.isRaised()).isFalse();
    }

    private SvidSource source() {
        return new SvidSource() {
            @Override
            public Svid svid() {
                return state.content().svid();
            }

            @Override
            public TrustBundle bundle() {
                return state.content().bundle();
            }

            @Override
            public Revocations revocations() {
                return state.content().revocations();
            }

            @Override
            public void onChange(Runnable listener) {
                state.onChange(listener);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
