package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class TestCommandTest {
    private static final Path SAMPLES = Path.of("..", "samples");
    private static final Path POLICY = SAMPLES.resolve("first-policy");

    @TempDir
    Path directory;

    private CliRun test(String cases, String... more) throws IOException {
        Path file = directory.resolve("cases.yaml");
        Files.writeString(file, cases);
        List<String> words = new ArrayList<>(List.of("test", "-f", POLICY.toString(), file.toString()));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    @Test
    void the_sample_holds_and_covers_every_rule() {
        CliRun run = CliRun.of(
                "test",
                SAMPLES.resolve("tests/first-policy.yaml").toString(),
                "-f",
                POLICY.toString(),
                "--min-coverage",
                "100");

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("7 cases, 0 failed; 2 of 2 rules covered (100 %)");
    }

    @Test
    void a_case_that_does_not_hold_is_told_with_its_place_and_what_decided() throws IOException {
        CliRun run = test("""
                cases:
                - name: others build, too
                  as: default/other
                  to: github.com
                  expect: allow
                """);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("FAIL  others build, too")
                .contains("cases.yaml:2:3: expected allow, got deny: PERMISSION_DENIED:no-way-out.istio-system")
                .contains("1 case, 1 failed");
    }

    @ParameterizedTest
    @CsvSource({
        "'reason: host_unknown', expected the reason host_unknown",
        "'by: rule/istio-system/other', expected rule/istio-system/other to decide"
    })
    void another_reason_or_another_rule_is_a_failure(String expectation, String told) throws IOException {
        CliRun run = test("cases:\n- {to: github.com, as: default/x, expect: deny, " + expectation + "}\n");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains(told);
    }

    @Test
    void what_only_an_audit_lets_pass_is_a_verdict_of_its_own() throws IOException {
        Path policies = Files.createDirectories(directory.resolve("policies"));
        Files.writeString(policies.resolve("p.yaml"), """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: watch, namespace: istio-system}
                spec:
                  action: Deny
                  mode: Audit
                  until: 2027-01-31
                  sources: [{serviceAccounts: [default/builder]}]
                  destinations: [{hosts: [github.com]}]
                """);

        CliRun run = test("""
                cases:
                - {as: default/builder, to: github.com, at: 2027-01-31, expect: audit}
                - {as: default/builder, to: github.com, at: 2027-02-01, expect: deny}
                """, "-f", policies.toString());

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
    }

    @Test
    void the_report_is_read_by_any_xml_parser_whatever_the_names_hold() throws Exception {
        Path report = directory.resolve("report.xml");
        CliRun run = test(
                "cases:\n- {name: \"<a> & \\u0007\", as: default/builder, to: github.com, expect: allow}\n"
                        + "- {as: default/other, to: github.com, expect: allow}\n",
                "--junit",
                report.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);

        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        Element suite = xml.getDocumentElement();
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(((Element) suite.getElementsByTagName("testcase").item(0)).getAttribute("name"))
                .startsWith("<a> & ");
        assertThat(suite.getElementsByTagName("failure").getLength()).isOne();
    }

    @Test
    void rules_that_no_case_matches_are_told_and_may_fail_the_test() throws IOException {
        CliRun run = test("cases:\n- {as: default/builder, to: github.com, expect: allow}\n", "--min-coverage", "100");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .contains("not covered  rule/istio-system/only-the-builder[0]")
                .contains("1 of 2 rules covered (50 %)")
                .contains("less than --min-coverage 100");
    }

    @Test
    void rules_of_namespaces_that_no_case_reaches_are_not_covered_and_those_that_only_report_do_not_count()
            throws IOException {
        Files.copy(POLICY.resolve("builder.yaml"), directory.resolve("builder.yaml"));
        Files.writeString(directory.resolve("elsewhere.yaml"), """
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: none, namespace: elsewhere}
                spec: {actions: [{handler: no-way-out.istio-system, instances: [nothing.istio-system]}]}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: told, namespace: silent}
                spec: {match: 'context.protocol == "tcp"', actions: [{handler: out, instances: [line]}]}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: handler
                metadata: {name: out, namespace: silent}
                spec: {compiledAdapter: stdio}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: instance
                metadata: {name: line, namespace: silent}
                spec: {compiledTemplate: logentry, params: {variables: {host: connection.requested_server_name | ""}}}
                """);
        Path cases = Files.createDirectory(directory.resolve(".cases")).resolve("cases.yaml");
        Files.writeString(cases, "cases:\n- {as: default/builder, to: unknown.test, expect: deny}\n");

        CliRun run = CliRun.of("test", "-v", "-f", directory.toString(), cases.toString());

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("not covered  rule/elsewhere/none[0]")
                .doesNotContain("rule/silent/told")
                .contains("0 of 3 rules covered");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "- {to: github.com}                                | expect: the field is required",
                "- {expect: allow}                                 | to: the field is required",
                "- {to: github.com, expect: perhaps}               | perhaps",
                "- {to: github.com, expect: deny, as: nobody}      | NAMESPACE/SERVICE_ACCOUNT",
                "- {to: nodots, expect: deny}                      | nodots",
                "- {to: github.com, expect: deny, at: tomorrow}    | is no time",
                "- {to: github.com, expect: deny, from: here}      | from",
                "- {to: github.com, expct: deny}                   | did you mean \"expect\"",
                "- {to: github.com, expect: deny, hello: {ecg: x}} | unknown field",
                "- [                                               | a value is missing"
            })
    void a_broken_case_is_told_with_its_place(String text, String told) throws IOException {
        CliRun run = test("cases:\n" + text + "\n");

        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("cases.yaml:").contains(told);
    }

    @Test
    void without_any_case_nothing_holds() throws IOException {
        CliRun run = test("cases: []\n");

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("there are no cases");
    }

    @Test
    void a_file_that_is_not_there_cannot_be_told() {
        CliRun run = CliRun.of("test", directory.resolve("none.yaml").toString(), "-f", POLICY.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("there is no file");
    }

    @Test
    void broken_policies_fail_the_test() throws IOException {
        Files.writeString(directory.resolve("broken.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {nam: x}\n");

        CliRun run = test(
                "cases:\n- {as: default/builder, to: github.com, expect: allow}\n",
                "-f",
                directory.resolve("broken.yaml").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("broken.yaml:3");
    }
}
