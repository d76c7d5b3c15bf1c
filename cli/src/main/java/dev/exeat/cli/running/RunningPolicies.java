package dev.exeat.cli.running;

import dev.exeat.control.Configuration;
import dev.exeat.control.local.ControlClient;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Resource;
import dev.exeat.policy.CompileOptions;
import dev.exeat.policy.PolicyCompiler;
import dev.exeat.policy.explain.NodeText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The objects that are in force in a gateway, and what it compiles them with.
 */
public record RunningPolicies(PolicyCompiler compiler, List<Resource> resources) {
    /** The question that a gateway answers with them. */
    public static final String QUESTION = "policies";

    private static final String TERMS = "terms";
    private static final String OBJECT = "object";
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public RunningPolicies {
        resources = List.copyOf(resources);
    }

    /**
     * Asks a gateway for them.
     *
     * @throws dev.exeat.control.local.ControlException if none answers
     */
    public static RunningPolicies of(ControlClient gateway) {
        List<JsonNode> pieces = gateway.ask(QUESTION, Map.of());
        CompileOptions options = JSON.treeToValue(pieces.getFirst().path(TERMS), PolicyTerms.class)
                .options();
        ManifestReader reader = new ManifestReader();
        List<Resource> resources = new ArrayList<>();
        for (JsonNode piece : pieces.subList(1, pieces.size())) {
            byte[] yaml = piece.path(OBJECT).asString("").getBytes(StandardCharsets.UTF_8);
            resources.addAll(reader.read("running", yaml).resources());
        }
        return new RunningPolicies(new PolicyCompiler(options), resources);
    }

    /** The answer of a gateway. */
    public static Stream<Map<String, ?>> pieces(Configuration configuration) {
        Configuration.Objects now = configuration.objects();
        Map<String, ?> head = Map.of(TERMS, JSON.convertValue(PolicyTerms.of(now.options()), FIELDS));
        return Stream.concat(
                Stream.of(head),
                now.resources().stream().map(resource -> Map.of(OBJECT, NodeText.yaml(resource.body()))));
    }
}
