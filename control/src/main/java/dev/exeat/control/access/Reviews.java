package dev.exeat.control.access;

import dev.exeat.identity.InvalidTokenException;
import dev.exeat.identity.TokenAuthority;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers questions about access: the kinds of {@code authentication.k8s.io/v1} and {@code authorization.k8s.io/v1}
 * that are asked by creating them, and that nothing is kept of. Thread-safe.
 */
public final class Reviews {
    private static final int MOST = 64;

    private final Authenticator authenticator;
    private final Authorizer authorizer;

    public Reviews(Authenticator authenticator, Authorizer authorizer) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
    }

    /**
     * The review with its {@code status}.
     *
     * @param resource the kind's plural
     * @param namespace of the path; empty where it has none
     * @throws IllegalArgumentException if the question lacks something; the message says what
     */
    public ObjectNode answer(Caller caller, String resource, String namespace, ObjectNode review) {
        JsonNode spec = review.path("spec");
        ObjectNode status = switch (resource) {
            case "selfsubjectreviews" -> self(caller);
            case "tokenreviews" -> token(spec);
            case "selfsubjectaccessreviews" -> decided(caller, spec, "");
            case "subjectaccessreviews" -> decided(subject(spec), spec, "");
            case "localsubjectaccessreviews" -> decided(subject(spec), spec, namespace);
            case "selfsubjectrulesreviews" -> rules(caller, spec);
            default -> throw new IllegalArgumentException("there is no such review");
        };
        ObjectNode answer = review.deepCopy();
        answer.withObject("/metadata");
        answer.set("status", status);
        return answer;
    }

    private static ObjectNode self(Caller caller) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.set("userInfo", info(caller));
        return status;
    }

    private static ObjectNode info(Caller caller) {
        ObjectNode info = JsonNodeFactory.instance.objectNode().put("username", caller.user());
        if (!caller.uid().isEmpty()) {
            info.put("uid", caller.uid());
        }
        ArrayNode groups = info.putArray("groups");
        caller.groups().forEach(groups::add);
        return info;
    }

    private ObjectNode token(JsonNode spec) {
        String token = spec.path("token").asString("");
        if (token.isEmpty()) {
            throw new IllegalArgumentException("spec.token: Required value");
        }
        Set<String> audiences = new LinkedHashSet<>(texts(spec.path("audiences")));
        if (audiences.isEmpty()) {
            audiences.add(TokenAuthority.AUDIENCE);
        }
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        try {
            Authenticator.Proven proven = authenticator.byToken(token, audiences);
            status.put("authenticated", true);
            status.set("user", info(proven.caller()));
            ArrayNode shared = status.putArray("audiences");
            proven.audiences().forEach(shared::add);
        } catch (InvalidTokenException e) {
            status.put("authenticated", false);
            status.putObject("user");
            status.put("error", e.getMessage());
        }
        return status;
    }

    private static Caller subject(JsonNode spec) {
        String user = spec.path("user").asString("");
        List<String> groups = texts(spec.path("groups"));
        if (user.isEmpty() && groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "spec.user: Required value: at least one of user or group must be specified");
        }
        return new Caller(user, spec.path("uid").asString(""), groups, "");
    }

    /** @param within the namespace that must be asked about, empty for any */
    private ObjectNode decided(Caller caller, JsonNode spec, String within) {
        Attributes asked = asked(spec);
        if (!within.isEmpty() && !asked.namespace().equals(within)) {
            throw new IllegalArgumentException("spec.resourceAttributes.namespace: must match metadata.namespace");
        }
        Authorizer.Decision decision = authorizer.decide(caller, asked);
        ObjectNode status = JsonNodeFactory.instance.objectNode().put("allowed", decision.allowed());
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        return status;
    }

    private static Attributes asked(JsonNode spec) {
        JsonNode resource = spec.path("resourceAttributes");
        JsonNode path = spec.path("nonResourceAttributes");
        if (resource.isObject() == path.isObject()) {
            throw new IllegalArgumentException(
                    "spec.resourceAttributes: exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        if (path.isObject()) {
            return Attributes.ofPath(
                    path.path("verb").asString(""), path.path("path").asString(""));
        }
        return Attributes.of(
                resource.path("verb").asString(""),
                resource.path("group").asString(""),
                resource.path("resource").asString(""),
                resource.path("subresource").asString(""),
                resource.path("namespace").asString(""),
                resource.path("name").asString(""));
    }

    private ObjectNode rules(Caller caller, JsonNode spec) {
        String namespace = spec.path("namespace").asString("");
        if (namespace.isEmpty()) {
            throw new IllegalArgumentException("no namespace on request");
        }
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        for (Rule rule : authorizer.rules(caller, namespace)) {
            (rule.paths().isEmpty() ? resources : paths).add(rule.toJson());
        }
        return status.put("incomplete", false);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : array) {
            texts.add(text.asString(""));
        }
        if (texts.size() > MOST) {
            throw new IllegalArgumentException("more than " + MOST + " names in one list");
        }
        return texts;
    }
}
