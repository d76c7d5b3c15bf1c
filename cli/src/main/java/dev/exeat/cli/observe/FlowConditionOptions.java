package dev.exeat.cli.observe;

import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that say what connections must fit; those of one field widen, those of several narrow the choice. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class FlowConditionOptions {
    private static final List<String> TRUE = List.of("true");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--identity",
            paramLabel = "ID",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Only of this identity: a SPIFFE ID, or NS/SERVICE-ACCOUNT; * stands for any text. Repeatable.")
    private List<String> identities = List.of();

    @Option(
            names = "--namespace",
            paramLabel = "NS",
            split = ",",
            hideParamSyntax = true,
            description = "Only of identities in this namespace. Repeatable.")
    private List<String> namespaces = List.of();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            split = ",",
            hideParamSyntax = true,
            description = "Only to this host; *.domain for all below it. Repeatable.")
    private List<String> hosts = List.of();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            split = ",",
            hideParamSyntax = true,
            description = "Only to this port. Repeatable.")
    private List<String> ports = List.of();

    @Option(
            names = "--verdict",
            paramLabel = "V",
            split = ",",
            hideParamSyntax = true,
            description = "Only allowed, denied, failed, or would-deny: passed only because of an audit. Repeatable.")
    private List<String> verdicts = List.of();

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            split = ",",
            hideParamSyntax = true,
            description = "Only those refused for this reason. Repeatable.")
    private List<String> reasons = List.of();

    @Option(
            names = "--rule",
            paramLabel = "RULE",
            split = ",",
            hideParamSyntax = true,
            description = "Only those that this object decided: KIND/NS/NAME, NS/NAME or NAME. Repeatable.")
    private List<String> rules = List.of();

    @Option(
            names = "--policy",
            paramLabel = "DIGEST",
            split = ",",
            hideParamSyntax = true,
            description = "Only those decided under policies of this digest, or of one that begins so. Repeatable.")
    private List<String> policies = List.of();

    @Option(
            names = "--shadow-says",
            paramLabel = "V",
            split = ",",
            hideParamSyntax = true,
            description =
                    "Only those of which the policies of --shadow say something else: differs, for anything; or what"
                            + " they say: allowed, would-deny, denied, error. Repeatable.")
    private List<String> shadows = List.of();

    @Option(names = "--ech", description = "Only those whose ClientHello has encrypted_client_hello, real or GREASE.")
    private boolean ech;

    @Option(names = "--pq", description = "Only those that offer a post-quantum hybrid.")
    private boolean postQuantum;

    @Option(
            names = "--not",
            paramLabel = "FIELD=VALUE",
            split = ",",
            hideParamSyntax = true,
            description = "Leave out those that this fits: an option above without its hyphens, as in"
                    + " host=*.example.com or ech; or tls=TLSv1.3, flag=idle, address=10.0.0.*. Repeatable.")
    private List<String> not = List.of();

    /** @throws ParameterException if a value cannot be meant */
    FlowFilter filter() {
        FlowFilter filter = FlowFilter.ALL;
        for (var wanted : wanted().entrySet()) {
            if (!wanted.getValue().isEmpty()) {
                filter = filter.and(Condition.of(wanted.getKey(), wanted.getValue(), false));
            }
        }
        for (String excluded : not) {
            filter = filter.and(excluded(excluded));
        }
        return filter;
    }

    private Map<FlowField, List<String>> wanted() {
        Map<FlowField, List<String>> wanted = new EnumMap<>(FlowField.class);
        wanted.put(FlowField.IDENTITY, identities);
        wanted.put(FlowField.NAMESPACE, namespaces);
        wanted.put(FlowField.HOST, lowerCase(hosts));
        wanted.put(FlowField.PORT, ports);
        wanted.put(FlowField.VERDICT, checked(verdicts));
        wanted.put(FlowField.REASON, reasons);
        wanted.put(FlowField.RULE, rules);
        wanted.put(FlowField.SHADOW_SAYS, checkedShadow(shadows));
        wanted.put(FlowField.POLICY, policies);
        wanted.put(FlowField.ECH, ech ? TRUE : List.of());
        wanted.put(FlowField.PQ, postQuantum ? TRUE : List.of());
        return wanted;
    }

    private Condition excluded(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        FlowField field = Arrays.stream(FlowField.values())
                .filter(each -> each.option().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong("--not " + text + ": there is no field " + name + "; those are "
                        + Arrays.stream(FlowField.values())
                                .map(FlowField::option)
                                .collect(Collectors.joining(", "))));
        boolean flag = field == FlowField.ECH || field == FlowField.PQ;
        if (equals < 0 && !flag) {
            throw wrong("--not " + text + " needs a value, as in --not host=*.example.com");
        }
        List<String> values = equals < 0 ? TRUE : List.of(text.substring(equals + 1));
        return Condition.of(
                field,
                switch (field) {
                    case HOST -> lowerCase(values);
                    case VERDICT -> checked(values);
                    case SHADOW_SAYS -> checkedShadow(values);
                    default -> values;
                },
                true);
    }

    private static List<String> lowerCase(List<String> texts) {
        return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
    }

    private List<String> checked(List<String> values) {
        return checked(values, List.of("allowed", "denied", "failed", "would-deny"));
    }

    private List<String> checkedShadow(List<String> values) {
        return checked(values, List.of("differs", "allowed", "denied", "would-deny", "error"));
    }

    private List<String> checked(List<String> values, List<String> known) {
        for (String value : values) {
            if (!known.contains(value)) {
                throw wrong("there is no verdict " + value + "; those are " + String.join(", ", known));
            }
        }
        return values;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
