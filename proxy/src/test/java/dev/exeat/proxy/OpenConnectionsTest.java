package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.proxy.limit.IdentityQuota;
import dev.exeat.proxy.limit.PeerLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenConnectionsTest {
    private final OpenConnections<Recorded> open = new OpenConnections<>(2);

    private class Recorded implements OpenConnections.Open {
        private final List<String> told = new ArrayList<>();
        private final ListenerKind listener;

        Recorded() {
            this(ListenerKind.TUNNEL);
        }

        Recorded(ListenerKind listener) {
            this.listener = listener;
        }

        @Override
        public ListenerKind listener() {
            return listener;
        }

        @Override
        public void cut() {
            told.add("cut");
            open.leave(this);
        }

        @Override
        public void drain() {
            told.add("drain");
        }
    }

    @Test
    void lets_in_no_more_than_the_limit_until_one_has_left() {
        Recorded first = new Recorded();
        assertThat(open.enter(first)).isNull();
        assertThat(open.enter(new Recorded())).isNull();
        assertThat(open.enter(new Recorded())).isEqualTo(Reason.LIMIT_GLOBAL);
        open.leave(first);
        open.leave(first);
        assertThat(open.count()).isEqualTo(1);
        assertThat(open.enter(new Recorded())).isNull();
    }

    @Test
    void an_admission_of_which_nothing_comes_is_given_back() {
        assertThat(open.admit(null)).isNull();
        assertThat(open.admit(null)).isNull();
        assertThat(open.admit(null)).isEqualTo(Reason.LIMIT_GLOBAL);
        open.giveBack(null);
        Recorded last = new Recorded();
        assertThat(open.admit(null)).isNull();
        open.entered(last);
        open.giveBack(null);
        open.leave(last);

        assertThat(open.count()).isZero();
    }

    @Test
    void an_identity_has_its_quota_and_gives_it_back_once() {
        IdentityQuota quota = new IdentityQuota(new PeerLimits(1, 2, 1, 4), new AtomicLong()::get);
        OpenConnections<Recorded> some = new OpenConnections<>(10, quota);
        SpiffeId identity = SpiffeId.parse("spiffe://test.test/a");

        assertThat(some.admit(identity)).isNull();
        assertThat(some.admit(identity)).isNull();
        assertThat(some.admit(identity)).isEqualTo(Reason.LIMIT_IDENTITY);
        assertThat(some.admit(SpiffeId.parse("spiffe://test.test/b"))).isNull();
        some.giveBack(identity);
        assertThat(some.admit(identity)).isNull();
        assertThat(some.admit(identity)).as("the fifth at once").isEqualTo(Reason.LIMIT_RATE);
        assertThat(some.count()).isEqualTo(3);
        assertThat(quota.highest()).isEqualTo(2);
    }

    @Test
    void counts_by_listener() {
        open.enter(new Recorded(ListenerKind.PLAIN));
        open.enter(new Recorded());

        assertThat(open.count(ListenerKind.PLAIN)).isEqualTo(1);
        assertThat(open.count(ListenerKind.TUNNEL)).isEqualTo(1);
    }

    @Test
    void a_drain_lets_none_in_tells_all_and_cuts_what_is_left() throws Exception {
        Recorded stays = new Recorded();
        open.enter(stays);

        assertThat(open.drain(Duration.ofMillis(50))).isEqualTo(1);

        assertThat(stays.told).containsExactly("drain", "cut");
        assertThat(open.count()).isZero();
        assertThat(open.enter(new Recorded())).isEqualTo(Reason.DRAINING);
    }

    @Test
    void a_drain_cuts_also_what_was_admitted_before_and_exists_only_after_the_first_cut() throws Exception {
        Recorded late = new Recorded();
        Recorded first = new Recorded() {
            @Override
            public void cut() {
                super.cut();
                open.entered(late);
            }
        };
        open.enter(first);
        assertThat(open.admit(null)).isNull();

        assertThat(open.drain(Duration.ofMillis(50))).isEqualTo(2);

        assertThat(late.told).containsExactly("cut");
        assertThat(open.count()).isZero();
    }

    @Test
    void a_drain_of_nothing_ends_at_once() throws Exception {
        assertThat(open.drain(Duration.ofMinutes(1))).isZero();
    }
}
