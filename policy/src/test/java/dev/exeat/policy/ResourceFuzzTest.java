package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Node;
import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Objects of any shape are judged without a fault, and one that is refused never opens what was closed. */
final class ResourceFuzzTest {
    private static final List<String> TEXTS = List.of(
            "",
            "*",
            "*.a.test",
            "en.wikipedia.org",
            "listchecker",
            "denier",
            "listentry",
            "checknothing",
            "opa",
            "source.principal == \"x\"",
            "connection.requested_server_name",
            "-1",
            "300s",
            "-1s",
            "1e999999999s",
            "99999999999999999999",
            "10.0.0.0/99",
            "(((",
            "wikipedia-checker.istio-system",
            "a.b.c.d",
            "..",
            "http://[",
            "https://lists.test/x",
            "REGEX",
            "\u0000\ud800");
    private static final List<String> KEYS = List.of(
            "match", "actions", "overrides", "blacklist", "entryType", "params", "value", "hosts", "ports", "x");

    @RepeatedTest(20)
    void refused_objects_never_open_what_was_closed(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 60; i++) {
            PolicyFixture policy =
                    new PolicyFixture().sample("sni-wikipedia.yaml").sample("sni-logging.yaml");
            policy.yaml(RegistryTest.entry("wikipedia", "*.wikipedia.org", RegistryTest.tls(443)));
            List<Resource> resources = policy.resources();
            int changed = random.nextInt(resources.size());
            Resource mutated = mutated(resources.get(changed), random);
            resources.set(changed, mutated);

            boolean refused = policy.compiler().check(mutated).stream().anyMatch(Problem::isError);
            Snapshot snapshot = policy.snapshot();
            Decision decision =
                    snapshot.decide(PolicyFixture.attempt("sleep", "en.wikipedia.org"), new DecisionTrace());

            assertThat(snapshot.decide(PolicyFixture.attempt("sleep", "en.wikipedia.org")))
                    .hasToString(decision.toString());
            if (refused) {
                assertThat(decision).as(mutated.body().toString()).isInstanceOf(Denial.class);
            }
        }
    }

    private static Resource mutated(Resource resource, Random random) {
        Node.Mapping body = resource.body();
        Map<String, Node> fields = new LinkedHashMap<>(body.fields());
        for (int count = random.nextInt(3); count >= 0; count--) {
            fields.computeIfPresent("spec", (key, spec) -> mutated(spec, random));
        }
        return new Resource(
                resource.key(),
                resource.apiVersion(),
                resource.labels(),
                resource.annotations(),
                new Node.Mapping(fields, body.keyPlaces(), body.place()));
    }

    private static Node mutated(Node node, Random random) {
        if (random.nextInt(5) == 0) {
            return anything(node, random);
        }
        return switch (node) {
            case Node.Mapping mapping
            when !mapping.fields().isEmpty() -> {
                Map<String, Node> fields = new LinkedHashMap<>(mapping.fields());
                String key = List.copyOf(fields.keySet()).get(random.nextInt(fields.size()));
                switch (random.nextInt(6)) {
                    case 0 -> fields.remove(key);
                    case 1 -> fields.put(KEYS.get(random.nextInt(KEYS.size())), anything(mapping, random));
                    default -> fields.put(key, mutated(fields.get(key), random));
                }
                yield new Node.Mapping(fields, mapping.keyPlaces(), mapping.place());
            }
            case Node.Sequence sequence
            when !sequence.items().isEmpty() -> {
                List<Node> items = new ArrayList<>(sequence.items());
                int at = random.nextInt(items.size());
                items.set(at, mutated(items.get(at), random));
                yield new Node.Sequence(items, sequence.place());
            }
            default -> anything(node, random);
        };
    }

    private static Node anything(Node at, Random random) {
        String text = TEXTS.get(random.nextInt(TEXTS.size()));
        Node.ScalarType[] types = Node.ScalarType.values();
        Node scalar = new Node.Scalar(text, types[random.nextInt(types.length)], at.place());
        return switch (random.nextInt(4)) {
            case 0 -> new Node.Sequence(List.of(scalar, at), at.place());
            case 1 -> new Node.Mapping(Map.of(KEYS.get(random.nextInt(KEYS.size())), at), Map.of(), at.place());
            default -> scalar;
        };
    }
}
