package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Node;
import dev.exeat.model.Resource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A policy that follows its objects is the one that they make from nothing, and takes no more work than the change. */
final class RecompilerTest {
    private static final String ROOT = "istio-system";
    private static final String[] HOSTS = {"a.test", "b.test", "c.x.test", "www.wikipedia.org"};
    private static final @Nullable String[] ACCOUNTS = {"a", "foo/b", "bar/c", null};

    /** What each object may say, by a name for it; what is broken or refers to something missing is among it. */
    private static final Map<String, List<String>> VARIANTS = variants();

    private static Map<String, List<String>> variants() {
        Map<String, List<String>> variants = new TreeMap<>();
        mixer(variants);
        registryAndRoutes(variants);
        authorization(variants);
        egress(variants);
        return variants;
    }

    private static void mixer(Map<String, List<String>> variants) {
        for (String namespace : List.of(ROOT, "foo")) {
            variants.put(
                    "denier " + namespace,
                    List.of(
                            MixerChecksTest.denier("no", namespace, "stop"),
                            MixerChecksTest.denier("no", namespace, "halt"),
                            MixerChecksTest.object("handler", "no", namespace, "compiledAdapter: nonsense")));
            variants.put(
                    "instance " + namespace,
                    List.of(
                            MixerChecksTest.nothing("all", namespace),
                            MixerChecksTest.object("instance", "all", namespace, "compiledTemplate: quota")));
        }
        variants.put(
                "list",
                List.of(
                        MixerChecksTest.object("listchecker", "list", ROOT, "overrides: [a.test]\nblacklist: true"),
                        MixerChecksTest.object("listchecker", "list", ROOT, "overrides: [b.test]"),
                        MixerChecksTest.object("listchecker", "list", ROOT, "overrides: [b.test]\nentryType: X"),
                        MixerChecksTest.object(
                                "listchecker",
                                "list",
                                ROOT,
                                "providerUrl: http://lists.test/x\nrefreshInterval: 5s\nttl: 10s")));
        variants.put(
                "entry",
                List.of(
                        MixerChecksTest.object("listentry", "name", ROOT, "value: connection.requested_server_name"),
                        MixerChecksTest.object("listentry", "name", ROOT, "value: own.attribute | \"b.test\"")));
        variants.put(
                "manifest",
                List.of(
                        MixerChecksTest.object(
                                "attributemanifest",
                                "own",
                                ROOT,
                                "attributes:\n  own.attribute:\n    valueType: STRING"),
                        MixerChecksTest.object(
                                "attributemanifest",
                                "own",
                                ROOT,
                                "attributes:\n  own.attribute:\n    valueType: INT64")));
        variants.put(
                "manifest 2",
                List.of(MixerChecksTest.object(
                        "attributemanifest", "more", ROOT, "attributes:\n  own.attribute:\n    valueType: STRING")));
        variants.put("stdio", List.of(MixerChecksTest.object("stdio", "out", ROOT, "outputAsJson: true")));
        variants.put(
                "log",
                List.of(MixerChecksTest.object(
                        "logentry", "line", ROOT, "severity: '\"warn\"'\nvariables:\n  host: connection.id")));
        String[] matches = {
            "",
            "connection.requested_server_name == \"a.test\"",
            "source.principal == \"cluster.local/ns/default/sa/a\" || source.namespace == \"foo\"",
            "connection.requested_server_name.endsWith(\".test\")",
            "own.attribute == \"x\"",
        };
        String[][] actions = {
            {"no", "all"},
            {"list.listchecker." + ROOT, "name.listentry." + ROOT},
            {"out.stdio." + ROOT, "line.logentry." + ROOT}
        };
        for (int i = 0; i < 6; i++) {
            List<String> rules = new ArrayList<>();
            for (String match : matches) {
                for (String[] action : actions) {
                    rules.add(
                            MixerChecksTest.rule("rule-" + i, i % 2 == 0 ? ROOT : "foo", match, action[0], action[1]));
                }
            }
            variants.put("rule " + i, rules);
        }
    }

    private static void registryAndRoutes(Map<String, List<String>> variants) {
        variants.put(
                "service a",
                List.of(
                        RegistryTest.entry("a", "a.test, '*.x.test'", RegistryTest.tls(443)),
                        RegistryTest.entry("a", "a.test", RegistryTest.tls(443) + "\nexportTo: [.]")));
        variants.put(
                "service b",
                List.of(
                        RegistryTest.entry("b", "'*.test'", RegistryTest.tls(443)),
                        RegistryTest.entry("b", "'*'", RegistryTest.tls(443))));
        variants.put("wikipedia", List.of(RoutingTest.ENTRY));
        variants.put("proxy", List.of(RoutingTest.PROXY_ENTRY));
        variants.put(
                "gateway",
                List.of(
                        RoutingTest.gateway("'*.wikipedia.org', a.test", "PASSTHROUGH"),
                        RoutingTest.gateway("app: other", "a.test", "PASSTHROUGH"),
                        RoutingTest.gateway("'*.wikipedia.org'", "NONSENSE")));
        variants.put(
                "routes",
                List.of(RoutingTest.routes("sni-proxy.local", 8443), RoutingTest.routes("www.wikipedia.org", 443)));
        variants.put("rule of hosts", List.of(RoutingTest.object("DestinationRule", "d", "host: a.test")));
    }

    private static void authorization(Map<String, List<String>> variants) {
        String[] rules = {
            "{}",
            "from:\n  - source:\n      principals: [cluster.local/ns/default/sa/a]",
            "from:\n  - source:\n      namespaces: [foo]\n  - source:\n      namespaces: [bar]",
            "when:\n  - key: connection.sni\n    values: [a.test, '*.x.test']",
        };
        for (int i = 0; i < 4; i++) {
            List<String> policies = new ArrayList<>();
            for (String rule : rules) {
                for (String action : List.of("ALLOW", "DENY", "AUDIT", "NONSENSE")) {
                    policies.add(AuthorizationPolicyTest.policy(
                            "auth-" + i,
                            i == 3 ? "elsewhere" : ROOT,
                            "istio.io/dry-run: \"" + (i == 2) + "\"",
                            "action: " + action + "\nrules:\n- " + rule));
                }
            }
            variants.put("authorization " + i, policies);
        }
    }

    private static void egress(Map<String, List<String>> variants) {
        String[] sources = {
            "",
            "sources:\n- serviceAccounts: [default/a]\n",
            "sources:\n- namespaceSelector:\n    matchLabels:\n      team: x\n"
        };
        String[] hosts = {"hosts: [a.test, '*.x.test']", "hostSets: [names]", "hosts: ['*']"};
        for (int i = 0; i < 5; i++) {
            List<String> policies = new ArrayList<>();
            for (String source : sources) {
                for (String host : hosts) {
                    for (String action : List.of("Allow", "Deny", "Never")) {
                        policies.add(EgressPolicyTest.policy(
                                "egress-" + i,
                                i % 2 == 0 ? ROOT : "foo",
                                "action: " + action + "\nmode: " + (i == 4 ? "Audit" : "Enforce") + "\n"
                                        + (i % 2 == 0 ? source : "") + "destinations:\n- " + host));
                    }
                }
            }
            variants.put("egress " + i, policies);
        }
        for (String namespace : List.of(ROOT, "foo")) {
            variants.put(
                    "set " + namespace,
                    List.of(
                            EgressPolicyTest.object("HostSet", "names", namespace, "hosts: [b.test]"),
                            EgressPolicyTest.object("HostSet", "names", namespace, "hosts: ['*.x.test', a.test]")));
        }
        String identity = "---\napiVersion: v1\nkind: %s\nmetadata:\n  name: %s\n%s  labels:\n    team: %s\n%s";
        String audit = "  annotations:\n    exeat.dev/enforcement: audit\n";
        variants.put(
                "namespace",
                List.of(
                        identity.formatted("Namespace", "foo", "", "x", ""),
                        identity.formatted("Namespace", "foo", "", "y", audit)));
        variants.put(
                "account",
                List.of(
                        identity.formatted("ServiceAccount", "a", "  namespace: default\n", "x", ""),
                        identity.formatted("ServiceAccount", "a", "  namespace: default\n", "x", audit)));
    }

    /** Lists that come, change and go. */
    private static final class Lists implements ListProviders {
        private @Nullable ListContent content;

        @Override
        public @Nullable ListContent current(ProviderSpec spec) {
            return content;
        }
    }

    private static String told(Compilation compilation) {
        Snapshot snapshot = compilation.snapshot();
        StringBuilder text = new StringBuilder();
        text.append(snapshot.digest()).append('\n');
        text.append(snapshot.objects()).append(' ').append(snapshot.rules()).append('\n');
        text.append(snapshot.hasReports())
                .append(' ')
                .append(snapshot.providers())
                .append('\n');
        text.append(new TreeMap<>(compilation.effects())).append('\n');
        compilation.problems().stream()
                .map(Object::toString)
                .sorted()
                .forEach(problem -> text.append(problem).append('\n'));
        for (String account : ACCOUNTS) {
            for (String host : HOSTS) {
                var attempt = PolicyFixture.attempt(account, host);
                DecisionTrace trace = new DecisionTrace();
                text.append(snapshot.decide(attempt)).append('\n');
                text.append(snapshot.decide(attempt, trace)).append('\n');
                trace.steps().forEach(step -> text.append(step).append('\n'));
                text.append(snapshot.report(new ReportEvent(
                                attempt,
                                ReportEvent.Event.CLOSE,
                                PolicyFixture.NOW,
                                new ByteCounts(1, 2, 3, 4),
                                Duration.ofMillis(7),
                                new InetSocketAddress("192.0.2.9", 443),
                                null)))
                        .append('\n');
            }
        }
        return text.toString();
    }

    @RepeatedTest(60)
    void what_follows_changes_is_what_comes_of_compiling_anew(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Lists lists = new Lists();
        PolicyFixture fixture = new PolicyFixture().lists(lists);
        if (random.nextBoolean()) {
            fixture.denyOnMatchError();
        }
        PolicyCompiler compiler = fixture.compiler();
        Recompiler recompiler = compiler.recompiler();
        List<String> names = List.copyOf(VARIANTS.keySet());
        Map<String, Resource> objects = new HashMap<>();
        names.forEach(name -> edit(name, objects, random));
        // Few of them changing often shows what hangs together.
        List<String> changing = new ArrayList<>(names);
        Collections.shuffle(changing, random);
        changing = changing.subList(0, random.nextBoolean() ? names.size() : 5);
        for (int step = 0; step < 12; step++) {
            for (int edits = random.nextInt(4); edits > 0; edits--) {
                edit(changing.get(random.nextInt(changing.size())), objects, random);
            }
            if (random.nextInt(4) == 0) {
                lists.content = random.nextBoolean()
                        ? null
                        : new ListContent(
                                List.of(random.nextBoolean() ? "a.test" : "b.test"), PolicyFixture.NOW, false);
            }
            List<Resource> now = new ArrayList<>(objects.values());
            if (random.nextInt(4) == 0) {
                Collections.shuffle(now, random);
            }
            if (random.nextInt(6) == 0) {
                now.add(now.get(random.nextInt(now.size())));
                now.add(random(names.get(random.nextInt(names.size())), random));
            }
            if (random.nextBoolean()) {
                recompiler.check(now, List.of());
            }

            assertThat(told(recompiler.compile(now))).isEqualTo(told(compiler.compile(now)));
        }
    }

    private static void edit(String name, Map<String, Resource> objects, Random random) {
        if (random.nextInt(3) == 0) {
            objects.remove(name);
        } else {
            objects.put(name, random(name, random));
        }
    }

    private static Resource random(String name, Random random) {
        List<String> variants = VARIANTS.getOrDefault(name, List.of());
        String text = variants.get(random.nextInt(variants.size()));
        return TinyYaml.resources(random.nextBoolean() ? "one.yaml" : "two.yaml", text)
                .getFirst();
    }

    @Test
    void an_earlier_snapshot_stays_as_it_was() {
        PolicyFixture fixture = new PolicyFixture()
                .yaml(MixerChecksTest.denier("no", ROOT, "stop"))
                .yaml(MixerChecksTest.nothing("all", ROOT))
                .yaml(MixerChecksTest.rule("r", ROOT, "", "no", "all"));
        Recompiler recompiler = fixture.compiler().recompiler();
        Compilation first = recompiler.compile(fixture.resources());
        String before = told(first);

        Compilation second = recompiler.compile(fixture.resources().subList(0, 2));

        assertThat(told(second)).isNotEqualTo(before);
        assertThat(told(first)).isEqualTo(before);
    }

    /** Counts how often anybody looks into it. */
    private static final class Watched extends AbstractMap<String, Node> {
        private final Map<String, Node> fields;
        private int looks;

        Watched(Map<String, Node> fields) {
            this.fields = fields;
        }

        @Override
        public Set<Entry<String, Node>> entrySet() {
            looks++;
            return fields.entrySet();
        }

        @Override
        public @Nullable Node get(Object key) {
            looks++;
            return fields.get(key);
        }
    }

    private static Resource watched(Resource resource, List<Watched> watched) {
        Watched fields = new Watched(resource.body().fields());
        watched.add(fields);
        return new Resource(
                resource.key(),
                resource.apiVersion(),
                resource.labels(),
                resource.annotations(),
                new Node.Mapping(
                        fields, resource.body().keyPlaces(), resource.body().place()));
    }

    @Test
    void after_a_change_only_what_changed_is_read() {
        List<Watched> watched = new ArrayList<>();
        List<Resource> resources = new ArrayList<>();
        Random random = new Random(1);
        for (String name : VARIANTS.keySet()) {
            resources.add(watched(random(name, random), watched));
        }
        Recompiler recompiler = new PolicyFixture().compiler().recompiler();
        recompiler.compile(resources);
        assertThat(watched).allSatisfy(fields -> assertThat(fields.looks).isPositive());

        watched.forEach(fields -> fields.looks = 0);
        int at = List.copyOf(VARIANTS.keySet()).indexOf("rule 0");
        List<Watched> fresh = new ArrayList<>();
        resources.set(at, watched(random("rule 0", random), fresh));
        recompiler.compile(resources);

        assertThat(fresh)
                .singleElement()
                .satisfies(fields -> assertThat(fields.looks).isPositive());
        assertThat(watched).allSatisfy(fields -> assertThat(fields.looks).isZero());
    }

    @Test
    void what_was_judged_is_not_read_again_to_compile_it() {
        List<Watched> watched = new ArrayList<>();
        Resource rule = watched(random("rule 0", new Random(1)), watched);
        Recompiler recompiler = new PolicyFixture().compiler().recompiler();
        recompiler.check(List.of(rule), List.of());
        int looks = watched.getFirst().looks;

        recompiler.compile(List.of(rule));

        assertThat(watched.getFirst().looks).isEqualTo(looks);
    }
}
