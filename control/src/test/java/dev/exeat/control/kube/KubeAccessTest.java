package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.control.access.BindingRules;
import dev.exeat.control.kube.ApiUnderTest.Answer;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.StoreKey;
import dev.exeat.identity.ClientAuthority;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.testkit.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who may do what, asked over TLS as clients ask. */
class KubeAccessTest {
    private static final String BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";
    private static final String CLUSTER_BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    private static final String POLICIES = "/apis/exeat.dev/v1alpha1/namespaces/default/egresspolicies";
    private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";
    private static final String POLICY = """
            {"apiVersion":"exeat.dev/v1alpha1","kind":"EgressPolicy","metadata":{"name":"%s"},
             "spec":{"action":"Deny","destinations":[{"hosts":["a.test"]}]}}
            """;
    private static final String ACCOUNT =
            "{\"apiVersion\":\"v1\",\"kind\":\"ServiceAccount\",\"metadata\":{\"name\":\"sleep\"}}";

    @TempDir
    Path directory;

    private ApiUnderTest api;

    @BeforeEach
    void serve() throws Exception {
        api = new ApiUnderTest(directory);
    }

    @AfterEach
    void stop() throws Exception {
        api.close();
    }

    private String tokenOfSleep() {
        assertThat(api.send(api.operator, "POST", ACCOUNTS, ACCOUNT).code()).isEqualTo(201);
        Answer made = api.send(api.operator, "POST", ACCOUNTS + "/sleep/token", "{\"spec\":{}}");
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return made.json().at("/status/token").asString("");
    }

    private static void assertForbidden(Answer answer, String message) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(403);
        assertThat(answer.message()).isEqualTo(message);
        assertThat(answer.json().path("reason").asString("")).isEqualTo("Forbidden");
    }

    @ParameterizedTest
    @Case("A01")
    @ValueSource(
            strings = {
                "/api",
                "/apis",
                "/version",
                "/openapi/v3",
                "/api/v1/namespaces",
                "/api/v1/secrets",
                "/apis/no.such/v1/things",
                "/apis/exeat.dev/v1alpha1/egresspolicies?watch=true"
            })
    void asks_everybody_for_proof_before_anything_else(String path) throws Exception {
        String wrong = "x".repeat(43);
        for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
            Answer without = api.send("", method, path, "");
            assertThat(without.code()).isEqualTo(401);
            assertThat(without.json().path("reason").asString("")).isEqualTo("Unauthorized");
            assertThat(api.send(wrong, method, path, "{").code()).isEqualTo(401);
        }
        assertThat(api.get("", path, "Authorization", "Basic b3BlcmF0b3I6").code())
                .isEqualTo(401);
        assertThat(api.get("", path, "Impersonate-User", "operator").code()).isEqualTo(401);
        String twice = "Authorization: Bearer " + api.operator + "\r\n";
        assertThat(api.raw("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + twice + twice + "\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void a_viewer_reads_policies_and_changes_nothing() {
        api.bind("viewer", "", "User", "jane");
        api.send(api.operator, "POST", POLICIES, POLICY.formatted("p"));
        String[] jane = {"Impersonate-User", "jane"};

        assertThat(api.get(api.operator, POLICIES + "/p", jane).code()).isEqualTo(200);
        assertThat(api.get(api.operator, "/apis/exeat.dev/v1alpha1/egresspolicies", jane)
                        .code())
                .isEqualTo(200);
        assertThat(api.get(api.operator, "/api/v1/namespaces", jane).code()).isEqualTo(200);
        String end = "resource \"egresspolicies\" in API group \"exeat.dev\" in the namespace \"default\"";
        assertForbidden(
                api.send(api.operator, "POST", POLICIES, POLICY.formatted("q"), jane),
                "egresspolicies.exeat.dev is forbidden: User \"jane\" cannot create " + end);
        for (var verb : List.of(List.of("PUT", "update"), List.of("PATCH", "patch"), List.of("DELETE", "delete"))) {
            assertForbidden(
                    api.send(api.operator, verb.getFirst(), POLICIES + "/p", POLICY.formatted("p"), jane),
                    "egresspolicies.exeat.dev \"p\" is forbidden: User \"jane\" cannot " + verb.getLast() + " " + end);
        }
        assertForbidden(
                api.send(api.operator, "DELETE", POLICIES, "", jane),
                "egresspolicies.exeat.dev is forbidden: User \"jane\" cannot deletecollection " + end);
        assertForbidden(
                api.send(api.operator, "PATCH", POLICIES + "/p/status", "{\"status\":{}}", jane),
                "egresspolicies.exeat.dev \"p\" is forbidden: User \"jane\" cannot patch resource"
                        + " \"egresspolicies/status\" in API group \"exeat.dev\" in the namespace \"default\"");
        assertThat(api.get(api.operator, POLICIES).json().path("items")).hasSize(1);
    }

    @Test
    void what_gives_rights_is_for_administrators_alone() {
        api.bind("viewer", "", "Group", "people");
        api.bind("policy-editor", "", "Group", "people");
        String[] bob = {"Impersonate-User", "bob", "Impersonate-Group", "people"};
        tokenOfSleep();

        for (String path : List.of(
                BINDINGS,
                CLUSTER_BINDINGS,
                "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                "/apis/certificates.k8s.io/v1/certificatesigningrequests")) {
            assertThat(api.get(api.operator, path, bob).code()).as(path).isEqualTo(403);
            assertThat(api.send(api.operator, "POST", path, "{}", bob).code()).isEqualTo(403);
        }
        assertThat(api.send(api.operator, "POST", ACCOUNTS, ACCOUNT, bob).code())
                .isEqualTo(403);
        assertForbidden(
                api.send(api.operator, "POST", ACCOUNTS + "/sleep/token", "{}", bob),
                "serviceaccounts \"sleep\" is forbidden: User \"bob\" cannot create resource"
                        + " \"serviceaccounts/token\" in API group \"\" in the namespace \"default\"");
        assertThat(api.send(
                                api.operator,
                                "POST",
                                "/apis/authentication.k8s.io/v1/tokenreviews",
                                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenReview\",\"spec\":{\"token\":\"x\"}}",
                                bob)
                        .code())
                .isEqualTo(403);
    }

    @Test
    void a_role_in_a_namespace_reaches_no_further() {
        api.bind("policy-editor", "default", "User", "jane");
        api.bind("admin", "default", "User", "root");
        String[] jane = {"Impersonate-User", "jane"};
        String[] root = {"Impersonate-User", "root"};

        assertThat(api.send(api.operator, "POST", POLICIES, POLICY.formatted("p"), jane)
                        .code())
                .isEqualTo(201);
        String elsewhere = POLICIES.replace("default", "istio-system");
        assertThat(api.send(api.operator, "POST", elsewhere, POLICY.formatted("p"), jane)
                        .code())
                .isEqualTo(403);
        Answer smuggled = api.send(
                api.operator,
                "POST",
                POLICIES,
                POLICY.formatted("x").replace("\"name\"", "\"namespace\":\"istio-system\",\"name\""),
                jane);
        assertThat(smuggled.code()).isEqualTo(400);
        assertThat(api.get(api.operator, "/apis/exeat.dev/v1alpha1/egresspolicies", jane)
                        .code())
                .isEqualTo(403);
        assertThat(api.get(api.operator, "/api/v1/namespaces/default", root).code())
                .isEqualTo(200);
        assertThat(api.send(api.operator, "DELETE", "/api/v1/namespaces/default", "", root)
                        .code())
                .isEqualTo(403);
        assertThat(api.get(api.operator, BINDINGS, root).code()).isEqualTo(200);
        assertThat(api.get(api.operator, CLUSTER_BINDINGS, root).code()).isEqualTo(403);
        assertThat(api.get(
                                api.operator,
                                "/api/v1/namespaces/default",
                                "Impersonate-User",
                                "root",
                                "Impersonate-Group",
                                "system:masters")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void a_binding_that_is_deleted_gives_nothing_any_more() {
        api.bind("viewer", "default", "User", "jane");
        assertThat(api.get(api.operator, POLICIES, "Impersonate-User", "jane").code())
                .isEqualTo(200);

        assertThat(api.send(api.operator, "DELETE", BINDINGS, "").code()).isEqualTo(200);

        assertThat(api.get(api.operator, POLICIES, "Impersonate-User", "jane").code())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"kind":"ClusterRole","name":"cluster-admin"}|[]|roleRef.name
            {"kind":"Role","name":"admin"}|[]|roleRef.kind
            {"kind":"ClusterRole","name":"admin","apiGroup":"x"}|[]|roleRef.apiGroup
            {"kind":"ClusterRole","name":"viewer"}|[{"kind":"Robot","name":"x"}]|subjects[0].kind
            {"kind":"ClusterRole","name":"viewer"}|[{"kind":"User","name":""}]|subjects[0].name
            {"kind":"ClusterRole","name":"viewer"}|[{"kind":"ServiceAccount","name":"x"}]|subjects[0].namespace
            {"kind":"ClusterRole","name":"viewer"}|[{"kind":"User","name":"x","apiGroup":"v1"}]|subjects[0].apiGroup
            """)
    void refuses_bindings_of_what_there_is_not(String role, String subjects, String field) {
        Answer refused = api.send(
                api.operator,
                "POST",
                BINDINGS,
                "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\"b\"},"
                        + "\"roleRef\":" + role + ",\"subjects\":" + subjects + "}");

        assertThat(refused.code()).as(refused.text()).isEqualTo(422);
        assertThat(refused.json().at("/details/causes/0/field").asString("")).isEqualTo(field);
    }

    @Test
    void the_role_of_a_binding_stays() {
        api.bind("viewer", "default", "User", "jane");
        String name = api.get(api.operator, BINDINGS)
                .json()
                .at("/items/0/metadata/name")
                .asString("");

        Answer changed = api.send(api.operator, "PATCH", BINDINGS + "/" + name, "{\"roleRef\":{\"name\":\"admin\"}}");

        assertThat(changed.code()).isEqualTo(422);
        assertThat(changed.message()).contains("cannot change roleRef");
        assertThat(api.send(api.operator, "POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", "{}")
                        .code())
                .isEqualTo(405);
    }

    @Test
    void nobody_but_administrators_acts_as_others() {
        String sleep = tokenOfSleep();
        assertForbidden(
                api.get(sleep, POLICIES, "Impersonate-User", "operator"),
                "users \"operator\" is forbidden: User \"system:serviceaccount:default:sleep\" cannot impersonate"
                        + " resource \"users\" in API group \"\" at the cluster scope");
        assertThat(api.get(api.operator, POLICIES, "Impersonate-Group", "people")
                        .code())
                .isEqualTo(400);
        api.bind("viewer", "", "Group", "system:serviceaccounts:default");
        assertThat(api.get(api.operator, POLICIES, "Impersonate-User", "system:serviceaccount:default:other")
                        .code())
                .isEqualTo(200);
        assertThat(api.get(sleep, POLICIES).code()).isEqualTo(200);
    }

    @Test
    void a_clients_certificate_names_its_user_and_groups() throws Exception {
        api.bind("viewer", "", "Group", "people");
        ClientAuthority.Client jane = new ClientAuthority.Client("jane", List.of("people", "others"));

        assertThat(api.get(api.clients.issue(jane, Duration.ofHours(1)), POLICIES)
                        .code())
                .isEqualTo(200);
        ClientAuthority.Client stranger = new ClientAuthority.Client("jane", List.of("system:masters"));
        ClientAuthority other = ClientAuthority.open(directory.resolve("other"), java.time.Clock.systemUTC());
        assertThat(api.get(other.issue(stranger, Duration.ofHours(1)), POLICIES).code())
                .isEqualTo(401);
        assertThat(api.get(api.clients.issue(new ClientAuthority.Client("x", List.of()), Duration.ofHours(1)), POLICIES)
                        .message())
                .startsWith("egresspolicies.exeat.dev is forbidden: User \"x\" cannot list");
    }

    @Test
    void a_clients_certificate_that_is_revoked_proves_nobody() throws Exception {
        api.bind("viewer", "", "Group", "people");
        ClientAuthority.Client jane = new ClientAuthority.Client("jane", List.of("people"));
        ClientAuthority.Credentials lost = api.clients.issue(jane, Duration.ofHours(1));
        assertThat(api.get(lost, POLICIES).code()).isEqualTo(200);

        Files.writeString(api.data.resolve("revoked.txt"), lost.serial() + " # lost\n");

        await().untilAsserted(() -> assertThat(api.get(lost, POLICIES).code()).isEqualTo(401));
        assertThat(api.get(api.clients.issue(jane, Duration.ofHours(1)), POLICIES)
                        .code())
                .isEqualTo(200);
    }

    @Test
    void a_binding_of_a_file_counts_where_it_says_that_it_is_meant_for_this_api() {
        ClientAuthority.Client jane = new ClientAuthority.Client("jane", List.of());
        ClientAuthority.Credentials credentials = api.clients.issue(jane, Duration.ofHours(1));

        StoreKey key = new StoreKey("rbac.authorization.k8s.io", "clusterrolebindings", "", "of-a-cluster");
        api.store.create(key, ofFile("admin", "User", ""));
        assertThat(api.get(credentials, POLICIES).code()).isEqualTo(403);

        api.store.update(key, ofFile("cluster-admin", "User", BindingRules.ANNOTATION), 0);
        assertThat(api.get(credentials, POLICIES).code()).isEqualTo(403);

        api.store.update(key, ofFile("admin", "Robot", BindingRules.ANNOTATION), 0);
        assertThat(api.get(credentials, POLICIES).code()).isEqualTo(403);

        api.store.update(key, ofFile("viewer", "User", BindingRules.ANNOTATION), 0);
        assertThat(api.get(credentials, POLICIES).code()).isEqualTo(200);
    }

    private static ObjectNode ofFile(String role, String kind, String annotation) {
        ObjectNode binding = (ObjectNode) JsonMapper.shared().readTree("""
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
                 "metadata": {"name": "of-a-cluster"},
                 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "%s"},
                 "subjects": [{"kind": "User", "name": "jane"}, {"kind": "%s", "name": "jane"}]}
                """.formatted(role, kind));
        FileOwned.mark(binding, "access.yaml:1");
        if (!annotation.isEmpty()) {
            binding.withObject("/metadata/annotations").put(annotation, "true");
        }
        return binding;
    }

    @Test
    void a_table_of_bindings_names_the_roles_as_kubectl_does() {
        api.bind("viewer", "default", "User", "jane");
        Answer table = api.get(
                api.operator, BINDINGS, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        assertThat(table.json().at("/rows/0/cells/1").asString("")).isEqualTo("ClusterRole/viewer");
    }

    @Test
    void a_token_ends_with_the_object_of_its_account() {
        String sleep = tokenOfSleep();
        assertThat(api.get(sleep, "/version").code()).isEqualTo(200);

        api.send(api.operator, "DELETE", ACCOUNTS + "/sleep", "");

        assertThat(api.get(sleep, "/version").code()).isEqualTo(401);
        tokenOfSleep();
        assertThat(api.get(sleep, "/version").code()).isEqualTo(401);
    }

    @Test
    void tokens_are_for_their_audiences_and_accounts_that_are_there() {
        ServiceAccountRef declared = new ServiceAccountRef("default", "declared");
        ServiceAccountRef nobody = new ServiceAccountRef("default", "nobody");
        Duration hour = Duration.ofHours(1);

        assertThat(api.get(api.tokens.create(declared, hour), "/version").code())
                .isEqualTo(200);
        assertThat(api.get(api.tokens.create(nobody, hour), "/version").code()).isEqualTo(401);
        assertThat(api.get(api.tokens.create(declared, "", List.of("vault"), hour), "/version")
                        .code())
                .isEqualTo(401);
        tokenOfSleep();
        Answer brief =
                api.send(api.operator, "POST", ACCOUNTS + "/sleep/token", "{\"spec\":{\"expirationSeconds\":60}}");
        assertThat(brief.code()).isEqualTo(422);
        assertThat(brief.message()).contains("may not specify a duration less than 10 minutes");
        Answer vault =
                api.send(api.operator, "POST", ACCOUNTS + "/sleep/token", "{\"spec\":{\"audiences\":[\"vault\"]}}");
        String token = vault.json().at("/status/token").asString("");
        assertThat(api.get(token, "/version").code()).isEqualTo(401);
        assertThat(reviewed(token, "[\"vault\",\"x\"]").at("/status/audiences").toString())
                .isEqualTo("[\"vault\"]");
        assertThat(reviewed(token, "[]").at("/status/authenticated").asBoolean(true))
                .isFalse();
    }

    private JsonNode reviewed(String token, String audiences) {
        return api.send(api.operator, "POST", "/apis/authentication.k8s.io/v1/tokenreviews", """
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview",
                 "spec":{"token":"%s","audiences":%s}}""".formatted(
                                token, audiences))
                .json();
    }

    @Test
    void tells_whether_somebody_may() {
        api.bind("policy-editor", "default", "User", "jane");
        String asked = """
                {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"jane",
                 "resourceAttributes":{"verb":"create","group":"exeat.dev","resource":"hostsets","namespace":"%s"}}}""";
        String path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

        JsonNode here =
                api.send(api.operator, "POST", path, asked.formatted("default")).json();
        assertThat(here.at("/status/allowed").asBoolean()).isTrue();
        assertThat(here.at("/status/reason").asString("")).contains("RoleBinding", "policy-editor");
        assertThat(api.send(api.operator, "POST", path, asked.formatted("istio-system"))
                        .json()
                        .at("/status/allowed")
                        .asBoolean(true))
                .isFalse();
    }
}
