package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DiffCommandTest {
    private static final String HOSTS = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: wikipedia, namespace: default}
            spec:
              hosts: ["*.wikipedia.org"]
              ports: [{number: 443, name: tls, protocol: TLS}]
            """;
    private static final String DENIAL = """
            ---
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata: {name: no-english, namespace: default}
            spec:
              action: Deny
              reason: "a|b <i>"
              sources: [{serviceAccounts: [sleep]}]
              destinations: [{hosts: [en.wikipedia.org]}]
            """;

    @TempDir
    Path directory;

    private Path before;
    private Path after;

    @BeforeEach
    void files() throws IOException {
        before = directory.resolve("before.yaml");
        after = directory.resolve("after.yaml");
        Files.writeString(before, HOSTS);
        Files.writeString(after, HOSTS + DENIAL);
    }

    private static CliRun diff(Path file, Path against, String... more) {
        List<String> words = new ArrayList<>(List.of("diff", "-f", file.toString(), "--against", against.toString()));
        words.addAll(List.of(more));
        return CliRun.of(words.toArray(String[]::new));
    }

    @Test
    void a_new_denial_is_told_with_whom_what_and_why_and_ends_with_1() {
        CliRun run = diff(after, before);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out())
                .containsPattern(
                        "default/sleep +en\\.wikipedia\\.org:443 +allow +deny +EgressPolicy/default/no-english")
                .contains("1 of ")
                .contains("1 newly denied");
    }

    @Test
    void the_way_back_allows() {
        CliRun run = diff(before, after);

        assertThat(run.out())
                .containsPattern("default/sleep +en\\.wikipedia\\.org:443 +deny +allow")
                .contains("1 newly allowed");
    }

    @Test
    void equal_policies_change_nothing_whatever_their_order() throws IOException {
        Path other = directory.resolve("other.yaml");
        Files.writeString(other, DENIAL + "---\n" + HOSTS);

        CliRun run = diff(other, after);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).startsWith("no verdict changes in ");
    }

    @Test
    void hosts_and_accounts_that_no_policy_names_are_judged_by_one_that_stands_for_them() throws IOException {
        Files.writeString(after, HOSTS + """
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: nothing, namespace: default}
                spec:
                  action: Deny
                  destinations: [{hosts: ["*.wikipedia.org"]}]
                """);

        assertThat(diff(after, before).out())
                .containsPattern("default/another-account +another\\.wikipedia\\.org:443 +allow +deny");
    }

    @Test
    void what_is_said_of_every_host_counts_although_no_host_is_named() throws IOException {
        String allHosts = """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: all, namespace: istio-system}
                spec:
                  action: %s
                  destinations: [{hosts: ["*"]}]
                """;
        Files.writeString(before, allHosts.formatted("Allow"));
        Files.writeString(after, allHosts.formatted("Deny"));

        CliRun run = diff(after, before, "--registry", "ALLOW_ANY");

        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).contains("another-host.example:443");
    }

    @Test
    void blocks_of_source_addresses_count() throws IOException {
        Files.writeString(after, HOSTS + """
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: block, namespace: istio-system}
                spec:
                  action: Deny
                  sources: [{cidrs: [10.2.0.0/16]}]
                  destinations: [{hosts: [en.wikipedia.org]}]
                """);

        assertThat(diff(after, before).out())
                .containsPattern("\\(no identity\\) 10\\.2\\.0\\.0 +en\\.wikipedia\\.org:443 +allow +deny")
                .contains("1 of ");
    }

    @Test
    void conditions_about_tls_count() throws IOException {
        Files.writeString(after, HOSTS + """
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: modern, namespace: default}
                spec:
                  action: Deny
                  sources: [{serviceAccounts: [sleep]}]
                  destinations: [{hosts: [en.wikipedia.org]}]
                  conditions: {ech: true}
                """);

        assertThat(diff(after, before).out())
                .contains("en.wikipedia.org:443 (ECH)")
                .contains("1 of ");
    }

    @Test
    void json_is_an_object_a_line_and_markdown_a_table_that_no_text_breaks() {
        JsonNode flip =
                new JsonMapper().readTree(diff(after, before, "-o", "json").out());
        assertThat(flip.at("/identity").asString()).isEqualTo("spiffe://cluster.local/ns/default/sa/sleep");
        assertThat(flip.at("/before/verdict").asString()).isEqualTo("allow");
        assertThat(flip.at("/after/rule").asString()).isEqualTo("EgressPolicy/default/no-english[0]");

        assertThat(diff(after, before, "-o", "markdown").out())
                .contains("| default/sleep | en.wikipedia.org:443 | allow | deny | ")
                .contains("a\\|b &lt;i>");
    }

    @Test
    void broken_files_are_not_compared() throws IOException {
        Files.writeString(after, "apiVersion: v1\nkind: Namespace\nmetadata: {nam: x}\n");

        CliRun run = diff(after, before);

        assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("after.yaml:3").contains("mend these files first");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void without_a_running_gateway_it_cannot_tell() {
        CliRun run = CliRun.of("diff", "-f", after.toString(), "--data-dir", directory.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNKNOWN);
        assertThat(run.err()).contains("--against PATH");
    }
}
