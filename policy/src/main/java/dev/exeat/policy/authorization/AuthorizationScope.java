package dev.exeat.policy.authorization;

import dev.exeat.model.ObjectKey;
import dev.exeat.policy.CompileOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which policies are for this gateway: those of the root namespace and of its own, if they select it. Remembers what was
 * there. Not thread-safe.
 */
public final class AuthorizationScope {
    private final CompileOptions options;
    private AuthorizationPolicies policies = AuthorizationPolicies.empty();

    public AuthorizationScope(CompileOptions options) {
        this.options = options;
    }

    /**
     * What changed; an object that has another content is gone and has come.
     *
     * @param broken policies that could not be read: each denies everything if it is of one of these namespaces
     */
    public record Objects(Collection<AuthorizationPolicy> policies, Collection<ObjectKey> broken) {}

    /** The policies after a change. */
    public AuthorizationPolicies link(Objects gone, Objects come) {
        policies = policies.edited(split(gone), split(come));
        return policies;
    }

    private AuthorizationPolicies.Policies split(Objects objects) {
        List<AuthorizationPolicy> here = new ArrayList<>();
        Map<ObjectKey, String> elsewhere = new TreeMap<>();
        for (AuthorizationPolicy policy : objects.policies()) {
            String why = whyNot(options, policy);
            if (why == null) {
                here.add(policy);
            } else {
                elsewhere.put(policy.key(), why);
            }
        }
        List<ObjectKey> denying = objects.broken().stream()
                .filter(key -> isInReach(options, key.namespace()))
                .toList();
        return new AuthorizationPolicies.Policies(here, elsewhere, denying);
    }

    private static boolean isInReach(CompileOptions options, String namespace) {
        return namespace.equals(options.rootNamespace())
                || namespace.equals(options.gateway().namespace());
    }

    /** Why a policy is not for this gateway, for people; null where it is. */
    public static @Nullable String whyNot(CompileOptions options, AuthorizationPolicy policy) {
        String namespace = policy.key().namespace();
        if (!isInReach(options, namespace)) {
            return "it is for workloads of the namespace " + namespace + ", and the gateway is in "
                    + options.gateway().namespace();
        }
        if (!policy.targets().isEmpty()
                && !policy.targets().contains(options.gateway().name())) {
            return "it is for " + String.join(", ", policy.targets()) + ", and the gateway is "
                    + options.gateway().name();
        }
        for (Map.Entry<String, String> label : new TreeMap<>(policy.selector()).entrySet()) {
            String own = options.gatewayLabels().get(label.getKey());
            if (!label.getValue().equals(own)) {
                return "it selects workloads with the label " + label.getKey() + "=" + label.getValue() + ", and the"
                        + " gateway has " + (own == null ? "none of that name" : own);
            }
        }
        return null;
    }
}
