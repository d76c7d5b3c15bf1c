package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Shadow;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import dev.exeat.model.RegistryMode;
import dev.exeat.model.ServerName;
import dev.exeat.policy.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ShadowPolicyTest {
    private static final Snapshot PERMITTING = Policies.of(RegistryMode.ALLOW_ANY);
    private static final Snapshot DENYING = Policies.of(RegistryMode.REGISTRY_ONLY);

    private final List<String> counted = new ArrayList<>();

    private Shadow judge(Snapshot live, Supplier<Snapshot> shadow) {
        return new ShadowPolicy(shadow, (one, other) -> counted.add(one + " " + other))
                .judge(live.decide(Policies.attempt("a.test")));
    }

    @Test
    void tells_nothing_where_it_says_the_same_and_counts_all_the_same() {
        assertThat(judge(PERMITTING, () -> PERMITTING)).isNull();
        assertThat(judge(DENYING, () -> DENYING)).isNull();
        assertThat(counted).containsExactly("allowed allowed", "denied denied");
    }

    @Test
    void tells_a_denial_with_its_reason_and_its_digest() {
        Shadow shadow = judge(PERMITTING, () -> DENYING);

        assertThat(shadow.verdict()).isEqualTo("denied");
        assertThat(shadow.reason()).isEqualTo(Reason.HOST_UNKNOWN);
        assertThat(shadow.message()).contains("a.test");
        assertThat(shadow.digest()).isEqualTo(DENYING.digest());
        assertThat(counted).containsExactly("allowed denied");
    }

    @Test
    void tells_a_permit_without_a_reason() {
        Shadow shadow = judge(DENYING, () -> PERMITTING);

        assertThat(shadow.verdict()).isEqualTo("allowed");
        assertThat(shadow.reason()).isNull();
    }

    @Test
    void tells_whether_it_heard_a_hello() {
        Attempt early = Policies.attempt("a.test");
        HelloFacts hello = new HelloFacts(new ServerName("a.test"), "a.test", List.of(), List.of(), false, false, 100);
        Attempt heard = new Attempt(
                early.connectionId(),
                early.time(),
                early.listener(),
                early.source(),
                early.sourceAddress(),
                early.target(),
                hello);
        ShadowPolicy shadow = new ShadowPolicy(() -> PERMITTING, (one, other) -> {});

        assertThat(shadow.judge(DENYING.decide(early)).beforeHello()).isTrue();
        assertThat(shadow.judge(DENYING.decide(heard)).beforeHello()).isFalse();
    }

    @Test
    void its_faults_are_its_own() {
        assertThat(judge(PERMITTING, () -> {
                            throw new IllegalStateException("broken");
                        })
                        .verdict())
                .isEqualTo("error");
        assertThat(judge(PERMITTING, () -> {
                            throw new StackOverflowError();
                        })
                        .reason())
                .isEqualTo(Reason.INTERNAL_ERROR);
        assertThat(counted).containsExactly("allowed error", "allowed error");
    }
}
