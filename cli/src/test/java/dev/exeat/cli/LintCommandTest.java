package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LintCommandTest {
    private static final Path SAMPLES = Path.of("..", "samples");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String WIDE = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: wide
              namespace: shop
            spec:
              destinations:
                - hosts:
                    - "*.co.uk"
            """;
    private static final String BROKEN = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: broken
              namespace: shop
            spec:
              destinations:
                - hosts: [example.org]
                  port: [443]
            """;

    @TempDir
    Path directory;

    private CliRun lint(String yaml, String... options) throws IOException {
        Path file = directory.resolve("policy.yaml");
        Files.writeString(file, yaml);
        List<String> arguments = new ArrayList<>(List.of("lint", "-f", file.toString()));
        arguments.addAll(Arrays.asList(options));
        return CliRun.of(arguments.toArray(String[]::new));
    }

    /** Each directory with manifests, and each file of the one whose files are variants of each other. */
    static Stream<Path> samples() throws IOException {
        try (Stream<Path> directories = Files.list(SAMPLES);
                Stream<Path> variants = Files.list(SAMPLES.resolve("wildcard-hosts"))) {
            return Stream.concat(
                    directories
                            .filter(path -> !path.endsWith("tests") && !path.endsWith("wildcard-hosts"))
                            .toList()
                            .stream(),
                    variants.toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void nothing_is_found_in_the_samples(Path sample) {
        CliRun run = CliRun.of("lint", "--compat", "mixer", "-f", sample.toString());

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains(": 0 errors, 0 warnings");
    }

    @Test
    void an_instance_that_the_own_file_lacks_is_shared() throws IOException {
        Path rule = directory.resolve("rule.yaml");
        String all = Files.readString(SAMPLES.resolve("sleep").resolve("policy").resolve("sni-wikipedia.yaml"));
        int instance = all.indexOf("---") + 4;
        int end = all.indexOf("---", instance);
        Files.writeString(rule, all.substring(0, instance) + all.substring(end + 4));
        Files.writeString(directory.resolve("instance.yaml"), all.substring(instance, end));

        CliRun run = CliRun.of("lint", "--compat", "mixer", "-f", directory.toString());

        assertThat(run.out()).contains("[shared-instance]");
        Files.writeString(rule, all);
        assertThat(CliRun.of("lint", "--compat", "mixer", "-f", directory.toString())
                        .out())
                .contains("0 errors, 0 warnings");
    }

    @Test
    void tells_that_rules_of_the_samples_never_match_a_gateway_without_their_label() {
        CliRun run = CliRun.of("lint", "-f", SAMPLES.resolve("sleep").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("[never-matches]").contains("--compat mixer");
    }

    @Test
    void tells_place_code_and_cure_of_a_warning_and_ends_with_1() throws IOException {
        CliRun run = lint(WIDE);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("policy.yaml:9:11: warning: EgressPolicy/shop/wide: spec.destinations[0].hosts[0]: *.co.uk")
                .contains("[public-suffix-wildcard]")
                .contains("name the hosts that are meant")
                .contains("1 file, 1 object: 0 errors, 1 warning")
                .contains("exeat lint --explain public-suffix-wildcard");
    }

    @Test
    void tells_errors_too() throws IOException {
        CliRun run = lint(BROKEN);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("[unknown-field]").contains("did you mean");
    }

    @Test
    void warnings_may_count_for_nothing_and_errors_never() throws IOException {
        assertThat(lint(WIDE, "--fail-on", "error").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(lint(BROKEN, "--fail-on", "error").exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(lint(BROKEN, "--ignore", "unknown-field").exitCode()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void leaves_out_what_the_command_line_or_an_annotation_names() throws IOException {
        CliRun byOption = lint(WIDE, "--ignore", "public-suffix-wildcard");
        CliRun byAnnotation = lint(
                WIDE.replace(
                        "  namespace: shop\n",
                        "  namespace: shop\n  annotations:\n    exeat.dev/lint-ignore: \"public-suffix-wildcard: SHOP-117\"\n"));

        for (CliRun run : List.of(byOption, byAnnotation)) {
            assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.OK);
            assertThat(run.out()).contains("0 warnings (1 ignored)");
        }
    }

    @Test
    void a_code_that_there_is_not_is_wrong_usage() throws IOException {
        CliRun run = lint(WIDE, "--ignore", "public-sufix-wildcard");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("did you mean \"public-suffix-wildcard\"?");
    }

    @Test
    void explains_a_code_without_files() {
        CliRun run = CliRun.of("lint", "--explain", "apex-not-covered");

        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .startsWith("apex-not-covered")
                .contains("*.example.org")
                .doesNotContain("###");
        assertThat(CliRun.of("lint", "--explain", "apex").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void needs_files() {
        assertThat(CliRun.of("lint").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CliRun.of("lint", "-f", directory.resolve("none").toString()).exitCode())
                .isEqualTo(ExitCode.UNKNOWN);
    }

    @Test
    void tells_machines_the_same_as_json() throws IOException {
        JsonNode report = JSON.readTree(lint(WIDE, "-o", "json").out());

        assertThat(report.get("warnings").asInt()).isEqualTo(1);
        JsonNode finding = report.get("findings").get(0);
        assertThat(finding.get("code").asString()).isEqualTo("public-suffix-wildcard");
        assertThat(finding.get("severity").asString()).isEqualTo("warning");
        assertThat(finding.get("file").asString()).endsWith("policy.yaml");
        assertThat(finding.get("line").asInt()).isEqualTo(9);
        assertThat(finding.get("kind").asString()).isEqualTo("EgressPolicy");
        assertThat(finding.get("help").asString()).isEqualTo("docs/lint.md#public-suffix-wildcard");
    }

    @Test
    void tells_code_scanners_as_sarif() throws IOException {
        JsonNode log =
                JSON.readTree(lint(WIDE + "---\n" + BROKEN, "-o", "sarif").out());

        assertThat(log.get("version").asString()).isEqualTo("2.1.0");
        JsonNode run = log.get("runs").get(0);
        JsonNode rules = run.get("tool").get("driver").get("rules");
        assertThat(rules).hasSize(2);
        JsonNode wide = run.get("results").get(0);
        assertThat(wide.get("ruleId").asString()).isEqualTo("public-suffix-wildcard");
        assertThat(rules.get(wide.get("ruleIndex").asInt()).get("id").asString())
                .isEqualTo("public-suffix-wildcard");
        assertThat(rules.get(wide.get("ruleIndex").asInt())
                        .get("shortDescription")
                        .get("text")
                        .asString())
                .startsWith("A wildcard allows names");
        JsonNode physical = wide.get("locations").get(0).get("physicalLocation");
        assertThat(physical.get("region").get("startLine").asInt()).isEqualTo(9);
        assertThat(physical.get("artifactLocation").get("uri").asString()).startsWith("file:/");
        assertThat(run.get("results").get(1).get("level").asString()).isEqualTo("error");
    }

    @Test
    void what_code_scanners_get_keeps_to_the_schema_of_sarif() throws IOException {
        Schema schema;
        try (InputStream published = LintCommandTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(new String(published.readAllBytes(), StandardCharsets.UTF_8));
        }
        for (String policies : List.of(WIDE + "---\n" + BROKEN, BROKEN, WIDE.replace("*.co.uk", "shop.example"))) {
            String log = lint(policies, "-o", "sarif").out();

            assertThat(schema.validate(log, InputFormat.JSON)).as(log).isEmpty();
            assertThat(schema.validate(log.replace("\"2.1.0\"", "\"2\""), InputFormat.JSON))
                    .isNotEmpty();
        }
    }
}
