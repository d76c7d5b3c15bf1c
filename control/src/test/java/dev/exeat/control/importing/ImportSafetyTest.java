package dev.exeat.control.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random rules, judged as the source does and as the import does: what the import allows, the source allowed. */
class ImportSafetyTest {
    private static final String[] HOSTS = {
        "a.test", "b.test", "x.a.test", "y.x.a.test", "other.example", "z.other.example"
    };
    private static final int[] PORTS = {443, 8443, 80};
    private static final String[] CLIENTS = {
        "default/one", "default/two", "default/three", "10.1.0.1", "10.2.0.1", "192.0.2.1"
    };

    // ---- Squid

    private interface Meaning {
        boolean holds(String client, String host, int port);
    }

    private static boolean below(String host, String name) {
        return host.equals(name) || host.endsWith("." + name);
    }

    /** A list as Squid has it, and what it means there. A client with an identity has some address, which nobody knows. */
    private static final Map<String, Meaning> LISTS = Map.of(
            "all", (client, host, port) -> true,
            "a", (client, host, port) -> below(host, "a.test"),
            "xa", (client, host, port) -> host.equals("x.a.test"),
            "ab", (client, host, port) -> below(host, "a.test") || host.equals("b.test"),
            "net1", (client, host, port) -> client.startsWith("10.1."),
            "net", (client, host, port) -> client.startsWith("10."),
            "web", (client, host, port) -> port == 443 || port == 8443,
            "tls", (client, host, port) -> port == 443,
            "odd", (client, host, port) -> host.length() % 2 == 0);

    private static final String DEFINITIONS = """
            acl a dstdomain .a.test
            acl xa dstdomain x.a.test
            acl ab dstdomain .a.test b.test
            acl net1 src 10.1.0.0/16
            acl net src 10.0.0.0/8
            acl web port 443 8443
            acl tls port 443
            acl odd dstdom_regex ^(..)*$
            """;

    private record Rule(boolean allow, List<String> lists) {
        boolean matches(String client, String host, int port) {
            return lists.stream().allMatch(list -> {
                boolean not = list.startsWith("!");
                return LISTS.get(not ? list.substring(1) : list).holds(client, host, port) != not;
            });
        }

        String text() {
            return "http_access " + (allow ? "allow " : "deny ") + String.join(" ", lists) + "\n";
        }
    }

    /** The first rule that matches, else the opposite of the last one. */
    private static boolean squidAllows(List<Rule> rules, String client, String host, int port) {
        for (Rule rule : rules) {
            if (rule.matches(client, host, port)) {
                return rule.allow();
            }
        }
        return !rules.getLast().allow();
    }

    /** Whatever address a client with an identity comes from, Squid must have allowed it. */
    private static boolean squidAllowsFromAnywhere(List<Rule> rules, String client, String host, int port) {
        if (client.indexOf('/') < 0) {
            return squidAllows(rules, client, host, port);
        }
        return List.of("10.1.0.1", "10.2.0.1", "192.0.2.1").stream()
                .allMatch(address -> squidAllows(rules, address, host, port));
    }

    private static List<Rule> randomRules(Random random) {
        List<String> names = LISTS.keySet().stream().sorted().toList();
        List<Rule> rules = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            List<String> lists = new ArrayList<>();
            int length = 1 + random.nextInt(3);
            for (int j = 0; j < length; j++) {
                lists.add((random.nextInt(4) == 0 ? "!" : "") + names.get(random.nextInt(names.size())));
            }
            rules.add(new Rule(random.nextBoolean(), lists));
        }
        return rules;
    }

    @RepeatedTest(400)
    void what_is_allowed_after_squid_was_allowed_by_it(RepetitionInfo repetition) {
        List<Rule> rules = randomRules(new Random(repetition.getCurrentRepetition()));
        StringBuilder text = new StringBuilder(DEFINITIONS);
        rules.forEach(rule -> text.append(rule.text()));
        ImportedRules imported = ImportedRules.of(ImportSource.SQUID, text.toString());

        for (String client : CLIENTS) {
            for (String host : HOSTS) {
                for (int port : PORTS) {
                    if (!imported.verdict(client, host + ":" + port).equals("denied")) {
                        assertThat(squidAllowsFromAnywhere(rules, client, host, port))
                                .as("%s to %s:%d%n%s%n%s", client, host, port, text, imported.text())
                                .isTrue();
                    }
                }
            }
        }
    }

    // ---- Smokescreen

    private static final String[] GLOBS = {"a.test", "*.a.test", "*.x.a.test", "b.test", "*.example", "*.other.example"
    };
    private static final String[] ACTIONS = {"enforce", "report", "open"};

    private record Service(String name, String action, List<String> globs) {
        String text(String indent) {
            return indent + "name: " + name + "\n" + indent + "project: p\n" + indent + "action: " + action + "\n"
                    + indent + "allowed_domains: " + quoted(globs) + "\n";
        }
    }

    private static String quoted(List<String> globs) {
        return globs.stream().map(glob -> "\"" + glob + "\"").toList().toString();
    }

    private static boolean matches(List<String> globs, String host) {
        return globs.stream()
                .anyMatch(glob -> glob.startsWith("*.") ? host.endsWith(glob.substring(1)) : host.equals(glob));
    }

    private static List<String> randomGlobs(Random random) {
        List<String> globs = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            globs.add(GLOBS[random.nextInt(GLOBS.length)]);
        }
        return globs;
    }

    @RepeatedTest(200)
    void what_is_allowed_after_smokescreen_was_allowed_by_it(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Service> services = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            services.add(new Service(name, ACTIONS[random.nextInt(3)], randomGlobs(random)));
        }
        int byDefault = random.nextInt(4);
        Service others = byDefault == 3 ? null : new Service("default", ACTIONS[byDefault], randomGlobs(random));
        List<String> denied = randomGlobs(random);
        List<String> allowed = randomGlobs(random);
        StringBuilder text = new StringBuilder("version: v1\nservices:\n");
        services.forEach(service -> text.append("-\n").append(service.text("  ")));
        text.append("global_deny_list: ").append(quoted(denied)).append('\n');
        text.append("global_allow_list: ").append(quoted(allowed)).append('\n');
        text.append(others == null ? "" : "default:\n" + others.text("  "));
        ImportedRules imported = ImportedRules.of(ImportSource.SMOKESCREEN, text.toString());

        for (String client : CLIENTS) {
            Service rule = services.stream()
                    .filter(service -> client.equals("default/" + service.name()))
                    .findFirst()
                    .orElse(others);
            for (String host : HOSTS) {
                if (!imported.verdict(client, host + ":443").equals("denied")) {
                    assertThat(smokescreenAllows(rule, denied, allowed, host))
                            .as("%s to %s%n%s%n%s", client, host, text, imported.text())
                            .isTrue();
                }
            }
        }
    }

    private static boolean smokescreenAllows(
            @Nullable Service rule, List<String> denied, List<String> allowed, String host) {
        if (rule == null) {
            return false;
        }
        if (matches(rule.globs(), host)) {
            return true;
        }
        if (matches(denied, host)) {
            return false;
        }
        return matches(allowed, host) || !rule.action().equals("enforce");
    }
}
