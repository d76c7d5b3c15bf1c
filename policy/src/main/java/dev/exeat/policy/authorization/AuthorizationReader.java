package dev.exeat.policy.authorization;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.policy.authorization.AuthorizationPolicy.Action;
import dev.exeat.policy.authorization.AuthorizationPolicy.Rule;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads AuthorizationPolicy objects. What only HTTP has is handled in the safe direction, as in Istio: an allowance with
 * it is dropped, and a denial is taken without it, so that it denies more.
 */
public final class AuthorizationReader {
    private static final String DRY_RUN = "istio.io/dry-run";
    private static final Map<String, Integer> ACTIONS = Map.of("ALLOW", 0, "DENY", 1, "AUDIT", 2, "CUSTOM", 3);

    private final ObjectKey key;
    private final Fields spec;
    private final String trustDomain;

    private AuthorizationReader(ObjectKey key, Fields spec, String trustDomain) {
        this.key = key;
        this.spec = spec;
        this.trustDomain = trustDomain;
    }

    /** @param trustDomain of clients that an allowance names by namespace or service account alone */
    public static AuthorizationPolicy read(Resource resource, Fields spec, String trustDomain) {
        return new AuthorizationReader(resource.key(), spec, trustDomain).read(resource);
    }

    private AuthorizationPolicy read(Resource resource) {
        Action action = action();
        Map<String, String> selector = selector();
        List<String> targets = targets();
        if (!selector.isEmpty() && !targets.isEmpty()) {
            spec.findings()
                    .error(
                            "exclusive-fields",
                            spec.place("target_refs"),
                            spec.path("target_refs"),
                            "a policy has either a selector or targetRefs",
                            "remove one of them");
        }
        List<Rule> rules = rules(action);
        boolean dryRun = dryRun(resource, action);
        spec.done();
        return new AuthorizationPolicy(key, action, selector, targets, dryRun, rules);
    }

    private Action action() {
        String action = spec.enumerated("action", ACTIONS, "ALLOW");
        spec.accept("provider");
        if (action.equals("CUSTOM")) {
            spec.findings()
                    .error(
                            "unsupported",
                            spec.place("action"),
                            spec.path("action"),
                            "the action CUSTOM needs an authorizer outside, which Exeat does not ask",
                            "write the rule with ALLOW or DENY, or as an EgressPolicy");
            return Action.DENY;
        }
        return Action.valueOf(action);
    }

    private Map<String, String> selector() {
        Fields selector = spec.mapping("selector");
        if (selector == null) {
            return Map.of();
        }
        Map<String, String> labels = new HashMap<>();
        selector.entries("match_labels").forEach((name, field) -> {
            String value = selector.text(field);
            if (value != null) {
                labels.put(name, value);
            }
        });
        selector.done();
        return labels;
    }

    private List<String> targets() {
        List<String> targets = new ArrayList<>();
        List<Fields> references = new ArrayList<>();
        for (Field item : spec.items("target_refs")) {
            Fields reference = spec.mapping(item);
            if (reference != null) {
                references.add(reference);
            }
        }
        Fields single = spec.mapping("target_ref");
        if (single != null) {
            references.add(single);
        }
        for (Fields reference : references) {
            String kind = reference.requiredText("kind");
            String name = reference.requiredText("name");
            reference.accept("group", "namespace", "section_name");
            reference.done();
            if (kind != null && name != null) {
                targets.add(kind.equals("Gateway") ? name : kind + "/" + name);
            }
        }
        return targets;
    }

    private List<Rule> rules(Action action) {
        List<Rule> rules = new ArrayList<>();
        List<Field> items = spec.items("rules");
        for (int i = 0; i < items.size(); i++) {
            Fields fields = spec.mapping(items.get(i));
            if (fields == null) {
                continue;
            }
            Rule rule = new RuleReader(fields, action, key.namespace(), trustDomain).read(i);
            if (rule != null) {
                rules.add(rule);
            }
        }
        if (rules.isEmpty() && action == Action.ALLOW && !spec.findings().hasErrors()) {
            spec.findings()
                    .warning(
                            "denies-everything",
                            spec.place("rules"),
                            spec.path("rules"),
                            "the policy has no rule that can match, so it allows nothing: all that no other policy"
                                    + " allows is denied",
                            "if that is not meant, add a rule; rules: [{}] allows everything");
        }
        return rules;
    }

    private boolean dryRun(Resource resource, Action action) {
        String value = resource.annotations().get(DRY_RUN);
        if (value == null) {
            return false;
        }
        if (!value.equals("true") && !value.equals("false")) {
            spec.findings()
                    .error(
                            "invalid-value",
                            resource.place(),
                            "metadata.annotations." + DRY_RUN,
                            "\"" + value + "\" is neither \"true\" nor \"false\"",
                            "use \"true\" for a dry run, or remove the annotation");
        } else if (value.equals("true") && action == Action.AUDIT) {
            spec.findings()
                    .warning(
                            "no-effect",
                            resource.place(),
                            "metadata.annotations." + DRY_RUN,
                            "the annotation has no effect: the action AUDIT never changes a verdict",
                            "");
        }
        return value.equals("true") && action != Action.AUDIT;
    }
}
