package dev.exeat.cli.cases;

import dev.exeat.cli.answer.Question;
import dev.exeat.control.manifest.ManifestReader;
import dev.exeat.model.Attempt;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.HostPort;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Node;
import dev.exeat.model.Problem;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.diff.Outcome;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.manifest.Findings;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a file of cases; each stands for every client it names with every host. All errors are told at once. */
final class ExpectationReader {
    private static final Map<String, Integer> OUTCOMES = Map.of("allow", 0, "deny", 1, "audit", 2);
    private static final Map<String, Integer> VERSIONS =
            Map.of("TLS1.0", 0x0301, "TLS1.1", 0x0302, "TLS1.2", 0x0303, "TLS1.3", 0x0304);
    private static final String LOOPBACK = "127.0.0.1";

    private final String trustDomain;
    private final Instant now;
    private final Findings findings = new Findings(null);
    private final List<Expectation> expectations = new ArrayList<>();

    /** @param now when attempts are made whose case does not say */
    ExpectationReader(String trustDomain, Instant now) {
        this.trustDomain = trustDomain;
        this.now = now;
    }

    /** What a file says; without problems of severity error it is whole. */
    record CaseFile(List<Expectation> expectations, List<Problem> problems) {
        CaseFile {
            expectations = List.copyOf(expectations);
            problems = List.copyOf(problems);
        }
    }

    CaseFile read(String fileName, byte[] content) {
        ManifestReader.Documents documents = new ManifestReader().readDocuments(fileName, content);
        for (Node root : documents.roots()) {
            if (root instanceof Node.Mapping mapping) {
                Fields file = new Fields(mapping, "", findings);
                file.items("cases").forEach(item -> {
                    Fields fields = file.mapping(item);
                    if (fields != null) {
                        read(fields);
                    }
                });
                file.done();
            } else {
                findings.error(
                        "wrong-type",
                        root.place(),
                        "",
                        "the file is no mapping",
                        "begin it with \"cases:\" and a list");
            }
        }
        List<Problem> problems = new ArrayList<>(documents.problems());
        problems.addAll(findings.problems());
        return new CaseFile(expectations, problems);
    }

    private void read(Fields fields) {
        List<@Nullable SpiffeId> clients = clients(fields);
        List<HostPort> targets = targets(fields);
        Instant time = time(fields);
        IpAddress from = from(fields);
        Hello hello = Hello.read(fields);
        String outcome =
                fields.find("expect") == null ? missing(fields) : fields.enumerated("expect", OUTCOMES, "deny");
        String reason = fields.text("reason");
        String by = fields.text("by");
        String name = fields.text("name");
        fields.done();
        for (SpiffeId client : clients) {
            for (HostPort target : targets) {
                String pair = (client == null ? "a client without an identity" : client) + " to " + target;
                expectations.add(new Expectation(
                        name == null ? pair : clients.size() * targets.size() == 1 ? name : name + ": " + pair,
                        fields.place(),
                        new Attempt(
                                "case",
                                time,
                                client == null ? ListenerKind.PLAIN : ListenerKind.TUNNEL,
                                client,
                                from,
                                target,
                                hello.facts(target)),
                        Outcome.valueOf(outcome.toUpperCase(Locale.ROOT)),
                        reason,
                        by));
            }
        }
    }

    private static String missing(Fields fields) {
        fields.missing("expect");
        return "deny";
    }

    private List<@Nullable SpiffeId> clients(Fields fields) {
        List<@Nullable SpiffeId> clients = new ArrayList<>();
        if (fields.find("as") == null) {
            clients.add(null);
        }
        for (Field item : oneOrMore(fields, "as")) {
            String text = fields.text(item);
            if (text != null) {
                named(item, text, () -> clients.add(Question.identity(text, trustDomain)));
            }
        }
        return clients;
    }

    private List<HostPort> targets(Fields fields) {
        List<HostPort> targets = new ArrayList<>();
        List<Field> items = oneOrMore(fields, "to");
        if (items.isEmpty()) {
            fields.missing("to");
        }
        for (Field item : items) {
            String text = fields.text(item);
            if (text != null) {
                named(item, text, () -> targets.add(HostPort.parse(text.indexOf(':') < 0 ? text + ":443" : text)));
            }
        }
        return targets;
    }

    private static List<Field> oneOrMore(Fields fields, String name) {
        Field field = fields.find(name);
        if (field == null) {
            return List.of();
        }
        return field.node() instanceof Node.Sequence ? fields.items(name) : List.of(field);
    }

    private IpAddress from(Fields fields) {
        Field field = fields.find("from");
        String text = field == null ? null : fields.text(field);
        List<IpAddress> addresses = new ArrayList<>(1);
        if (field != null && text != null) {
            named(field, text, () -> addresses.add(IpAddress.parse(text)));
        }
        return addresses.isEmpty() ? IpAddress.parse(LOOPBACK) : addresses.getFirst();
    }

    private Instant time(Fields fields) {
        Field field = fields.find("at");
        String text = field == null ? null : fields.text(field);
        if (field == null || text == null) {
            return now;
        }
        try {
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            findings.error(
                    "invalid-value",
                    field.place(),
                    field.path(),
                    "\"" + text + "\" is no time",
                    "use 2027-01-31 or 2027-01-31T18:00:00Z");
            return now;
        }
    }

    private void named(Field field, String text, Runnable parse) {
        try {
            parse.run();
        } catch (InvalidNameException e) {
            findings.error("invalid-value", field.place(), field.path(), "\"" + text + "\": " + e.getMessage(), "");
        }
    }

    /** What the ClientHello says beside its name; what is not given is as a usual client has it. */
    private record Hello(
            @Nullable List<Integer> versions,
            @Nullable List<String> alpn,
            @Nullable Boolean ech,
            @Nullable Boolean postQuantum) {

        static Hello read(Fields fields) {
            Fields hello = fields.mapping("hello");
            if (hello == null) {
                return new Hello(null, null, null, null);
            }
            Hello read = new Hello(
                    hello.find("tls_versions") == null ? null : versions(hello),
                    hello.find("alpn") == null ? null : texts(hello, "alpn"),
                    hello.find("ech") == null ? null : hello.bool("ech", false),
                    hello.find("post_quantum") == null ? null : hello.bool("post_quantum", false));
            hello.done();
            return read;
        }

        private static List<Integer> versions(Fields hello) {
            List<Integer> versions = new ArrayList<>();
            for (Field item : hello.items("tls_versions")) {
                String version = hello.enumerated(item, VERSIONS);
                if (version != null) {
                    versions.add(VERSIONS.getOrDefault(version, 0));
                }
            }
            return versions;
        }

        private static List<String> texts(Fields hello, String name) {
            List<String> texts = new ArrayList<>();
            for (Field item : hello.items(name)) {
                String text = hello.text(item);
                if (text != null) {
                    texts.add(text);
                }
            }
            return texts;
        }

        HelloFacts facts(HostPort target) {
            HelloFacts usual = Question.usual(target);
            return new HelloFacts(
                    usual.serverName(),
                    usual.rawName(),
                    versions == null ? usual.versions() : versions,
                    alpn == null ? usual.alpn() : alpn,
                    ech == null ? usual.ech() : ech,
                    postQuantum == null ? usual.postQuantum() : postQuantum,
                    usual.length());
        }
    }
}
