package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.model.Node;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Objects that are read on all cores become what they become one by one. */
final class ObjectJudgeTest {
    private static final String ROOT = "istio-system";
    private static final int MANY = 1500;

    private static String object(int number, Random random) {
        String host = "host-" + random.nextInt(50) + ".test";
        return switch (random.nextInt(9)) {
            case 0 -> MixerChecksTest.rule("rule-" + number, ROOT, "source.principal == \"" + host + "\"", "no", "all");
            case 1 -> MixerChecksTest.rule("rule-" + number, "foo", "unknown.attribute == 1", "no", "all");
            case 2 -> MixerChecksTest.rule("rule-" + number, "foo", "", "missing", "all");
            case 3 -> MixerChecksTest.object("listchecker", "list-" + number, ROOT, "overrides: [" + host + "]");
            case 4 -> RegistryTest.entry("entry-" + number, host, RegistryTest.tls(443));
            case 5 -> AuthorizationPolicyTest.policy("policy-" + number, ROOT, "", "action: ALOW");
            case 6 -> EgressPolicyTest.policy("egress-" + number, ROOT, "destinations:\n- hosts: [" + host + "]");
            case 7 -> EgressPolicyTest.policy("egress-" + number, ROOT, "destinations:\n- hostSets: [missing]");
            default -> EgressPolicyTest.object("HostSet", "set-" + number, ROOT, "hosts: [" + host + "]\nhots: []");
        };
    }

    private static List<Resource> many(Random random) {
        List<Resource> many = new ArrayList<>(TinyYaml.resources(
                "base.yaml", MixerChecksTest.denier("no", ROOT, "stop") + MixerChecksTest.nothing("all", ROOT)));
        for (int i = 0; i < MANY; i++) {
            many.addAll(TinyYaml.resources("file-" + i % 7 + ".yaml", object(i, random)));
        }
        return many;
    }

    @RepeatedTest(5)
    void many_at_once_have_the_problems_of_each_alone_in_their_order(RepetitionInfo repetition) {
        List<Resource> many = many(new Random(repetition.getCurrentRepetition()));
        PolicyCompiler compiler = new PolicyFixture().compiler();

        List<List<Problem>> problems = compiler.recompiler().check(many, List.of());

        List<List<Problem>> alone = many.stream().map(compiler::check).toList();
        assertThat(problems).isEqualTo(alone);
        assertThat(alone).anyMatch(List::isEmpty).anyMatch(found -> !found.isEmpty());
    }

    @RepeatedTest(5)
    void many_at_once_become_the_policy_that_few_after_few_become(RepetitionInfo repetition) {
        List<Resource> many = many(new Random(repetition.getCurrentRepetition()));
        PolicyCompiler compiler = new PolicyFixture().compiler();
        Recompiler following = compiler.recompiler();
        Compilation fewAfterFew = following.compile(many.subList(0, 100));
        for (int end = 200; end < many.size() + 100; end += 100) {
            fewAfterFew = following.compile(many.subList(0, Math.min(end, many.size())));
        }

        Compilation atOnce = compiler.compile(many);

        assertThat(atOnce.snapshot().digest()).isEqualTo(fewAfterFew.snapshot().digest());
        assertThat(atOnce.snapshot().rules()).isEqualTo(fewAfterFew.snapshot().rules());
        assertThat(atOnce.problems()).containsExactlyInAnyOrderElementsOf(fewAfterFew.problems());
        assertThat(atOnce.problems())
                .isNotEmpty()
                .isEqualTo(compiler.compile(many).problems());
        for (int host = 0; host < 50; host++) {
            var attempt = PolicyFixture.attempt("default/a", "host-" + host + ".test");
            assertThat(atOnce.snapshot().decide(attempt).toString())
                    .isEqualTo(fewAfterFew.snapshot().decide(attempt).toString());
        }
    }

    /** As a fault of ours would be. */
    private static final class Unreadable extends AbstractMap<String, Node> {
        @Override
        public Set<Entry<String, Node>> entrySet() {
            throw new IllegalStateException("a fault");
        }
    }

    @Test
    void a_fault_in_one_of_many_is_told_and_leaves_nothing_half_done() {
        List<Resource> many = many(new Random(1));
        Resource last = many.getLast();
        List<Resource> faulty = new ArrayList<>(many);
        faulty.set(
                MANY,
                new Resource(
                        last.key(),
                        last.apiVersion(),
                        Map.of(),
                        Map.of(),
                        new Node.Mapping(new Unreadable(), Map.of(), last.place())));
        PolicyCompiler compiler = new PolicyFixture().compiler();
        Recompiler recompiler = compiler.recompiler();

        assertThatThrownBy(() -> recompiler.compile(faulty)).isInstanceOf(IllegalStateException.class);

        assertThat(recompiler.compile(many).snapshot().digest())
                .isEqualTo(compiler.compile(many).snapshot().digest());
    }
}
