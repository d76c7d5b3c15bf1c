package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import dev.exeat.testkit.Case;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with one object, with its place, its field and a cure. */
final class CheckTest {

    private static String problems(String kind, String spec) {
        return String.join(
                "\n",
                new PolicyFixture()
                                .yaml(MixerChecksTest.object(kind, "x", "istio-system", spec.replace("|", "\n")))
                                .check()
                                .stream()
                                .map(problem -> problem.field() + ": " + problem.message()
                                        + (problem.cure().isEmpty() ? "" : " (" + problem.cure() + ")"))
                                .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                // rules
                "rule # matsch: 'true'|actions: [] # spec.matsch: unknown field \"matsch\" (did you mean \"match\"?)",
                "rule # actions:|- handler: h|  instance: [i] # spec.actions[0].instances: an action needs at least one instance",
                "rule # actions:|- instances: [i] # spec.actions[0].handler: the field is required (add it)",
                "rule # actions:|- handler: h|  instances: i # spec.actions[0].instances: expected a list, got \"i\" (text)",
                "rule # actions:|- handler: 5|  instances: [i] # spec.actions[0].handler: expected text, got \"5\" (integer) (write it in quotes: \"5\")",
                "rule # match: source.principle == \"x\"|actions: [] # spec.match: unknown attribute source.principle (did you mean \"source.principal\"?)",
                "rule # match: source.principal|actions: [] # spec.match: expression 'source.principal' typeError got STRING, expected BOOL",
                "rule # match: source.principal == 5|actions: [] # spec.match: EQ($source.principal, 5) arg 2 (5) typeError got INT64, expected STRING",
                "rule # match: source.labels[\"v\"] == \"5s\"|actions: [] # (a text that reads as a duration, such as \"5s\" or \"0\", is a DURATION)",
                "rule # match: (|actions: [] # spec.match: unable to parse expression '(': 1:2: expected operand, found 'EOF'",
                // handlers
                "handler # compiledAdapter: listcheker # spec.compiledAdapter: unknown adapter \"listcheker\" (did you mean \"listchecker\"?)",
                "handler # params: {} # spec.compiledAdapter: the field is required (add it)",
                "handler # adapter: x # spec.adapter: adapters that run outside of the process are not supported (use compiledAdapter: listchecker, denier or stdio)",
                "handler # compiledAdapter: listchecker|params:|  overides: [a] # spec.params.overides: unknown field \"overides\" (did you mean \"overrides\"?)",
                "listchecker # overrides: [a]|blacklist: \"true\" # spec.blacklist: expected true or false, got \"true\" (text)",
                "listchecker # overrides: [a]|entryType: REGEXP # spec.entryType: unknown value \"REGEXP\"; known are STRINGS (0), CASE_INSENSITIVE_STRINGS (1), IP_ADDRESSES (2), REGEX (3) (did you mean \"REGEX\"?)",
                "listchecker # overrides: [a]|entryType: 4 # spec.entryType: unknown value \"4\"",
                "listchecker # overrides: [x]|entryType: IP_ADDRESSES # spec.overrides[0]: could not parse ip address override x: ",
                "listchecker # overrides: ['(']|entryType: REGEX # spec.overrides[0]: could not parse regex override (: error parsing regexp: missing closing ): `(`",
                "listchecker # providerUrl: lists.test # spec.providerUrl: URL scheme and host cannot be empty",
                "listchecker # providerUrl: file://x/y # spec.providerUrl: the URL's scheme must be http or https",
                "listchecker # providerUrl: http://a.test|refreshInterval: 0.5s # spec.refreshInterval: refresh interval must be at least 1 second, it is 500ms",
                "listchecker # providerUrl: http://a.test|refreshInterval: 300s|ttl: 61s # spec.ttl: ttl must be > refreshInterval, ttl is 1m1s and refreshInterval is 5m0s",
                "listchecker # overrides: [a]|cachingInterval: -1s # spec.cachingInterval: caching interval must be >= 0, it is -1s",
                "listchecker # overrides: [a]|caching_use_count: -1 # spec.caching_use_count: caching use count must be >= 0, it is -1",
                "listchecker # overrides: [a]|ttl: 5m # spec.ttl: expected a duration in seconds such as \"300s\" or \"0.5s\", got \"5m\" (text)",
                "listchecker # overrides: [a]|entryType: REGEX|entry_type: REGEX # spec.entryType: the field is given as entry_type and as entryType (keep one of them)",
                "stdio # logStream: FILE # spec.outputPath: need a valid output path when using a FILE or ROTATED_FILE log stream (add outputPath)",
                "stdio # outputPath: /x # spec.outputPath: cannot specify an output path when using a STDOUT or STDERR log stream (remove outputPath, or set logStream: FILE)",
                "stdio # severity_levels:|  info: INFORMATION # spec.severity_levels.info: unknown value \"INFORMATION\"; known are INFO (0), WARNING (1), ERROR (2)",
                "denier # status:|  code: 17 # spec.status.code: unknown status code 17",
                "denier # status:|  code: seven # spec.status.code: expected an integer, got \"seven\" (text)",
                // instances
                "instance # compiledTemplate: listenty|params: {} # spec.compiledTemplate: unknown template \"listenty\" (did you mean \"listentry\"?)",
                "instance # compiledTemplate: listentry # spec.value: the field is required (add it)",
                "listentry # valu: source.ip # spec.valu: unknown field \"valu\" (did you mean \"value\"?)",
                "listentry # value: connection.mtls # spec.value: expression 'connection.mtls' typeError got BOOL, expected STRING or IP_ADDRESS",
                "logentry # severity: info # spec.severity: unknown attribute info (to mean the text itself, quote it within the quotes: '\"info\"')",
                "logentry # severity: '5' # spec.severity: expression '5' typeError got INT64, expected STRING",
                "logentry # timestamp: '\"now\"' # spec.timestamp: expression '\"now\"' typeError got STRING, expected TIMESTAMP",
                "logentry # variables:|  a: x.y # spec.variables.a: unknown attribute x.y (declare it in an attributemanifest, or use one of Istio's attributes)",
                "metric # dimensions: {} # spec.value: the field is required (add it)",
                // manifests
                "attributemanifest # attributes:|  a.b:|    valueType: STRNG # spec.attributes.a.b.valueType: unknown value \"STRNG\"",
                "attributemanifest # attributes:|  source.ip:|    valueType: STRING # spec.attributes.source.ip: the attribute \"source.ip\" is of type IP_ADDRESS, not STRING (use another name)",
            })
    void refuses_with_field_and_cure(String kind, String spec, String expected) {
        assertThat(problems(kind, spec)).contains(expected);
        assertThat(new PolicyFixture()
                        .yaml(MixerChecksTest.object(kind, "x", "istio-system", spec.replace("|", "\n")))
                        .check())
                .anyMatch(Problem::isError);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "listchecker # overrides: [*.a.test] # literal-star",
                "listchecker # overrides: [a.test.] # trailing-dot",
                "listchecker # overrides: [a\\.test]|entryType: REGEX # unanchored-regex",
                "listchecker # overrides: [^a.test$]|entryType: REGEX # unescaped-dot",
                "listchecker # blacklist: false # empty-list",
                "rule # match: 'true' # no-effect",
                "rule # requestHeaderOperations: []|actions: [] # no-effect",
                "handler # compiledAdapter: prometheus|params:|  metrics: [] # no-effect",
                "memquota # quotas: [] # no-effect",
                "opa # policy: [] # no-effect",
                "quota # dimensions: {} # no-effect",
                "QuotaSpec # rules: [] # no-effect",
                "rule # actions:|- handler: h|  instances: [i, i] # duplicate-instance",
            })
    void warns_of_what_is_legal_and_hardly_meant(String kind, String spec, String code) {
        assertThat(new PolicyFixture()
                        .yaml(MixerChecksTest.object(kind, "x", "istio-system", spec.replace("|", "\n")))
                        .check())
                .extracting(Problem::code, Problem::isError)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(code, false));
    }

    @Test
    @Case("Y15")
    void warns_of_a_dot_in_a_pattern_that_means_any_octet() {
        String list = "overrides: [^allowed.test$]\nentryType: REGEX\n";

        assertThat(new PolicyFixture()
                        .yaml(MixerChecksTest.object("listchecker", "x", "istio-system", list))
                        .check())
                .extracting(Problem::code)
                .containsExactly("unescaped-dot");
        assertThat(new PolicyFixture()
                        .yaml(MixerChecksTest.object("listchecker", "x", "istio-system", list.replace("d.t", "d\\.t")))
                        .check())
                .isEmpty();
    }

    @Test
    void tells_all_at_once_with_line_and_column() {
        PolicyFixture policy = new PolicyFixture().yaml("rules.yaml", """
                        apiVersion: config.istio.io/v1alpha2
                        kind: rule
                        metadata:
                          name: x
                          namespace: istio-system
                          lables: {}
                        spec:
                          match: unknown == "x"
                          actions:
                          - handler: h
                            instances: [i]
                            nam: x
                        extra: 1
                        """);

        assertThat(policy.check())
                .extracting(Problem::toString)
                .containsExactly(
                        "rules.yaml:6:3: error: rule/istio-system/x: metadata.lables: unknown field \"lables\" (did you"
                                + " mean \"labels\"?) [unknown-field]",
                        "rules.yaml:8:10: error: rule/istio-system/x: spec.match: unknown attribute unknown (declare it"
                                + " in an attributemanifest, or use one of Istio's attributes) [invalid-expression]",
                        "rules.yaml:12:5: error: rule/istio-system/x: spec.actions[0].nam: unknown field \"nam\" (did you"
                                + " mean \"name\"?) [unknown-field]",
                        "rules.yaml:13:1: error: rule/istio-system/x: extra: unknown field \"extra\" (known are"
                                + " apiVersion, kind, metadata, spec, status) [unknown-field]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "config.istio.io/v1alpha2 # rul # unknown kind \"rul\" of config.istio.io/v1alpha2",
                "config.istio.io/v1 # rule # objects of kind rule are not known under apiVersion config.istio.io/v1",
                "v1 # ServiceEntry # objects of kind ServiceEntry are not known under apiVersion v1",
                "networking.istio.io/v1 # ServiceEntri # unknown kind \"ServiceEntri\"",
            })
    void refuses_unknown_kinds_and_versions(String apiVersion, String kind, String message) {
        assertThat(new PolicyFixture()
                        .yaml("apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: x\nspec: {}")
                        .check())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.message()).startsWith(message);
                    assertThat(problem.cure()).isNotEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "[*] # resolution: NONE # invalid host *",
                "[a*.test] # resolution: NONE # invalid host \"a*.test\"",
                "[localhost] # resolution: NONE # invalid host \"localhost\": the name has a single label",
                "[*.a.test] # resolution: DNS # the host *.a.test has a wildcard, which resolution DNS does not allow",
                "[a.test] # resolution: DYNAMIC_DNS # the host a.test has no wildcard, which resolution DYNAMIC_DNS needs",
                "[a.test] # resolution: STATIC # resolution STATIC needs endpoints",
                "[a.test] # resolution: dns # unknown value \"dns\"",
                "[a.test] # location: MESH # unknown value \"MESH\"",
                "[a.test] # addresses: [10.0.0.0/33] # invalid address \"10.0.0.0/33\"",
                "[a.test] # endpoints:|- adress: 10.0.0.1 # unknown field \"adress\"",
                "[a.test] # exportedTo: [.] # unknown field \"exportedTo\"",
                "[] # location: MESH_EXTERNAL # a ServiceEntry needs at least one host",
            })
    void refuses_service_entries(String hosts, String rest, String message) {
        String inner = hosts.substring(1, hosts.length() - 1);
        PolicyFixture policy = new PolicyFixture()
                .yaml(RegistryTest.entry("e", inner, RegistryTest.tls(443) + "\n" + rest.replace("|", "\n")));

        assertThat(policy.check()).anySatisfy(problem -> {
            assertThat(problem.message()).startsWith(message);
            assertThat(problem.isError()).isTrue();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "- number: -1|  name: x|  protocol: TLS # the port -1 is not in 1 to 65535",
                "- number: 0|  name: x|  protocol: TLS # the port 0 is not in 1 to 65535",
                "- number: 65536|  name: x|  protocol: TLS # the port 65536 is not in 1 to 65535",
                "- name: x|  protocol: TLS # the field is required",
                "- number: 443|  protocol: TLS # the field is required",
                "- number: 443|  name: x|  protocol: SSL # unknown protocol \"SSL\"",
                "- number: 443|  name: x|- number: 444|  name: x # the port name \"x\" is given twice",
                "- number: 443|  name: x|- number: 443|  name: y # the port 443 is given twice",
                "- number: 443|  name: x|  protcol: TLS # unknown field \"protcol\"",
            })
    void refuses_ports(String ports, String message) {
        PolicyFixture policy =
                new PolicyFixture().yaml(RegistryTest.entry("e", "a.test", "ports:\n" + ports.replace("|", "\n")));

        assertThat(policy.check())
                .anySatisfy(problem -> assertThat(problem.message()).startsWith(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Gateway", "VirtualService", "DestinationRule", "EnvoyFilter"})
    void unknown_fields_of_networking_kinds_are_refused(String kind) {
        assertThat(new PolicyFixture()
                        .yaml("apiVersion: networking.istio.io/v1alpha3\nkind: " + kind
                                + "\nmetadata:\n  name: x\nspec:\n  anything: 1")
                        .check())
                .anySatisfy(problem -> assertThat(problem.message()).isEqualTo("unknown field \"anything\""));
    }

    @Test
    void names_that_are_none_and_other_languages_are_refused() {
        assertThat(new PolicyFixture()
                        .yaml("apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: ../etc\n  namespace: a/b")
                        .check())
                .extracting(Problem::code)
                .containsExactly("invalid-name", "invalid-name");
        assertThat(new PolicyFixture()
                        .yaml("apiVersion: config.istio.io/v1alpha2\nkind: rule\nmetadata:\n  name: x\n  annotations:\n"
                                + "    policy.istio.io/lang: CEL\nspec:\n  actions: []")
                        .check())
                .extracting(Problem::code)
                .contains("unsupported");
    }

    @Test
    void a_name_that_no_server_name_equals_is_warned_of() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(MixerChecksTest.denier("no", "istio-system", "stop")
                        + MixerChecksTest.nothing("nothing", "istio-system")
                        + MixerChecksTest.rule(
                                "r",
                                "istio-system",
                                "connection.requested_server_name == \"EN.wikipedia.org\" || ("
                                        + "connection.requested_server_name | \"\") != \"*.b.test\"",
                                "no",
                                "nothing"));

        assertThat(policy.compilation().problems())
                .extracting(Problem::cure)
                .containsExactly(
                        "write \"en.wikipedia.org\"", "write match(connection.requested_server_name, \"*.b.test\")");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "match(connection.requested_server_name, \"*.Wikipedia.org\") # name-never-equal",
                "connection.requested_server_name.startsWith(\"EN.\") # name-never-equal",
                "(connection.requested_server_name | \"\").endsWith(\".bücher.test\") # name-never-equal",
                "match(connection.requested_server_name, \"*wikipedia.org\") # suffix-without-dot",
                "connection.requested_server_name.endsWith(\"wikipedia.org\") # suffix-without-dot",
            })
    void a_part_that_matches_nothing_or_too_much_is_warned_of(String match, String code) {
        assertThat(problemsOf(match)).extracting(Problem::code).containsExactly(code);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "match(connection.requested_server_name, \"*.wikipedia.org\")",
                "match(connection.requested_server_name, \"en.*\")",
                "connection.requested_server_name.endsWith(\".org\")",
                "connection.requested_server_name.endsWith(\"org\")",
                "connection.requested_server_name.startsWith(\"en.\")",
                "match(source.workload.name, \"*Gateway.a\")",
            })
    void a_part_of_a_name_is_not_warned_of(String match) {
        assertThat(problemsOf(match)).isEmpty();
    }

    private static List<Problem> problemsOf(String match) {
        return new PolicyFixture()
                .yaml(MixerChecksTest.denier("no", "istio-system", "stop")
                        + MixerChecksTest.nothing("nothing", "istio-system")
                        + MixerChecksTest.rule("r", "istio-system", match, "no", "nothing"))
                .compilation()
                .problems();
    }

    @Test
    void manifests_that_differ_about_an_attribute_are_told() {
        String attributes = "attributes:\n  my.team:\n    valueType: ";
        PolicyFixture policy = new PolicyFixture()
                .yaml(MixerChecksTest.object("attributemanifest", "b", "istio-system", attributes + "INT64")
                        + MixerChecksTest.object("attributemanifest", "a", "istio-system", attributes + "STRING"));

        assertThat(policy.compilation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).hasToString("attributemanifest/istio-system/b");
            assertThat(problem.message())
                    .startsWith("the attribute \"my.team\" is of type INT64 here and of type STRING");
        });
    }
}
