package dev.exeat.policy.lint;

import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.policy.authorization.AuthorizationPolicy;
import dev.exeat.policy.authorization.AuthorizationPolicy.Action;
import dev.exeat.policy.authorization.AuthorizationReader;
import dev.exeat.policy.authorization.AuthorizationScope;
import dev.exeat.policy.lint.Entry.Kind;
import dev.exeat.policy.lint.Entry.Part;
import dev.exeat.policy.lint.cover.Claim;
import dev.exeat.policy.lint.cover.Claim.Axis;
import dev.exeat.policy.lint.cover.Term;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The rules of policies that are in force for this gateway, as entries. Only simple rules are looked at: at most one
 * source and one operation, nothing negated, nothing of HTTP.
 */
final class AuthorizationEntries {
    private static final Map<String, Axis> SOURCE = Map.of(
            "principals", Axis.PRINCIPAL,
            "namespaces", Axis.NAMESPACE,
            "service_accounts", Axis.SERVICE_ACCOUNT,
            "trust_domains", Axis.TRUST_DOMAIN,
            "ip_blocks", Axis.SOURCE);
    private static final Map<String, Axis> OPERATION = Map.of("ports", Axis.PORT);
    private static final Map<String, Axis> CONDITION = Map.of(
            "source.principal", Axis.PRINCIPAL,
            "source.namespace", Axis.NAMESPACE,
            "source.serviceAccount", Axis.SERVICE_ACCOUNT,
            "source.trustDomain", Axis.TRUST_DOMAIN,
            "source.ip", Axis.SOURCE,
            "connection.sni", Axis.SERVER_NAME,
            "destination.port", Axis.PORT);

    private final String namespace;
    private final Map<Axis, Set<Term>> axes = new EnumMap<>(Axis.class);

    private AuthorizationEntries(String namespace) {
        this.namespace = namespace;
    }

    static List<Entry> read(LintSubject subject) {
        String trustDomain = subject.options().gateway().trustDomain();
        List<Entry> entries = new ArrayList<>();
        for (SpecView object : subject.objects()) {
            if (!object.key().kind().equals("AuthorizationPolicy")) {
                continue;
            }
            AuthorizationPolicy policy = AuthorizationReader.read(object.resource(), object.spec(), trustDomain);
            if (policy.dryRun()
                    || policy.action() == Action.AUDIT
                    || AuthorizationScope.whyNot(subject.options(), policy) != null) {
                continue;
            }
            Kind kind = policy.action() == Action.ALLOW ? Kind.AUTHORIZATION_ALLOW : Kind.AUTHORIZATION_DENY;
            List<Field> items = object.spec().items("rules");
            for (int i = 0; i < items.size(); i++) {
                Fields rule = object.spec().mapping(items.get(i));
                AuthorizationEntries reader =
                        new AuthorizationEntries(object.key().namespace());
                if (rule != null
                        && reader.read(rule)
                        && (kind == Kind.AUTHORIZATION_DENY || reader.ownOnly(trustDomain))) {
                    Claim claim = new Claim(object.key(), i, reader.axes, Instant.MAX);
                    entries.add(new Entry(kind, claim, List.of(new Part("the rule", items.get(i), claim))));
                }
            }
        }
        return entries;
    }

    /** False where the rule is not simple. */
    private boolean read(Fields rule) {
        if (!part(rule, "from", "source", SOURCE) || !part(rule, "to", "operation", OPERATION)) {
            return false;
        }
        for (Fields condition : SpecView.mappings(rule, "when")) {
            Axis axis = CONDITION.get("" + condition.text("key"));
            if (axis == null || !condition.items("not_values").isEmpty() || !values(condition, "values", axis)) {
                return false;
            }
        }
        return true;
    }

    /**
     * An allowance by namespace or service account is for the own trust domain where it names none. False where it says
     * more of who, which is not simple.
     */
    private boolean ownOnly(String trustDomain) {
        if (!axes.containsKey(Axis.NAMESPACE) && !axes.containsKey(Axis.SERVICE_ACCOUNT)) {
            return true;
        }
        boolean more = axes.containsKey(Axis.PRINCIPAL)
                || axes.containsKey(Axis.TRUST_DOMAIN)
                || axes.values().stream().anyMatch(terms -> terms.contains(new Term.Text("*")));
        axes.put(Axis.TRUST_DOMAIN, Set.of(new Term.Text(trustDomain)));
        return !more;
    }

    private boolean part(Fields rule, String list, String element, Map<String, Axis> known) {
        List<Fields> items = SpecView.mappings(rule, list);
        if (items.size() > 1) {
            return false;
        }
        Fields fields = items.isEmpty() ? null : items.getFirst().mapping(element);
        if (fields == null) {
            return true;
        }
        for (Map.Entry<String, Axis> field : known.entrySet()) {
            if (!fields.items(field.getKey()).isEmpty() && !values(fields, field.getKey(), field.getValue())) {
                return false;
            }
        }
        // Whatever else it holds is negated or of HTTP.
        int before = fields.findings().problems().size();
        fields.done();
        return fields.findings().problems().size() == before;
    }

    private boolean values(Fields fields, String list, Axis axis) {
        Set<Term> terms = new HashSet<>();
        for (Field item : fields.items(list)) {
            String text = fields.text(item);
            if (text != null) {
                terms.add(term(axis, text));
            }
        }
        // Two of the same kind must both hold, which is more than one set of terms can say.
        return axes.put(axis, terms) == null;
    }

    private Term term(Axis axis, String text) {
        return switch (axis) {
            case SERVER_NAME -> new Term.Text(serverName(text).toLowerCase(Locale.ROOT));
            case SERVICE_ACCOUNT -> new Term.Text(text.indexOf('/') < 0 ? namespace + "/" + text : text);
            case PORT, SOURCE -> new Term.Exact(text);
            default -> new Term.Text(text);
        };
    }

    private static String serverName(String text) {
        try {
            return HostPattern.parse(text).toString();
        } catch (InvalidNameException e) {
            return text;
        }
    }
}
