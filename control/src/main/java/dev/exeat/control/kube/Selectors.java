package dev.exeat.control.kube;

import dev.exeat.control.kinds.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which objects of a collection are asked for (Kubernetes documentation, "Labels and Selectors", "Field Selectors"): by
 * label {@code a=b}, {@code a==b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b)}, {@code a}, {@code !a}; by field
 * the name and namespace, and those that Kubernetes has for a kind.
 */
final class Selectors {
    private static final Set<String> OF_ALL = Set.of("metadata.name", "metadata.namespace");
    private static final Map<String, Set<String>> OF_KIND = Map.of(
            "pods",
            Set.of("spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "status.phase", "status.podIP"),
            "events",
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type"),
            "secrets",
            Set.of("type"));

    private Selectors() {}

    /** Whether an object is one of those that the request asks for. */
    static Predicate<ObjectNode> of(KubeRequest request) {
        List<Predicate<ObjectNode>> all = new ArrayList<>();
        for (String term : terms(request.parameter("labelSelector"))) {
            all.add(label(term));
        }
        for (String term : terms(request.parameter("fieldSelector"))) {
            all.add(field(term, request.kind()));
        }
        return object -> all.stream().allMatch(term -> term.test(object));
    }

    /** Whether the request asks for some of the objects alone. */
    static boolean selects(KubeRequest request) {
        return !request.parameter("labelSelector").isEmpty()
                || !request.parameter("fieldSelector").isEmpty();
    }

    /** Cut at commas outside of parentheses. */
    private static List<String> terms(String selector) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= selector.length(); i++) {
            char c = i == selector.length() ? ',' : selector.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth <= 0) {
                String term = selector.substring(start, i).strip();
                if (!term.isEmpty()) {
                    terms.add(term);
                }
                start = i + 1;
            }
        }
        return terms;
    }

    private static Predicate<ObjectNode> label(String term) {
        int set = term.indexOf('(');
        if (set > 0) {
            return inSet(term, set);
        }
        int unequal = term.indexOf("!=");
        if (unequal > 0) {
            String value = term.substring(unequal + 2).strip();
            String key = key(term.substring(0, unequal), term);
            return object -> !value(object, key).asString("\0").equals(value);
        }
        int equal = term.indexOf('=');
        if (equal > 0) {
            String value = term.substring(term.startsWith("==", equal) ? equal + 2 : equal + 1)
                    .strip();
            String key = key(term.substring(0, equal), term);
            return object -> value(object, key).asString("\0").equals(value);
        }
        if (term.startsWith("!")) {
            String key = key(term.substring(1), term);
            return object -> value(object, key).isMissingNode();
        }
        String key = key(term, term);
        return object -> !value(object, key).isMissingNode();
    }

    private static Predicate<ObjectNode> inSet(String term, int open) {
        String[] head = term.substring(0, open).strip().split("\\s+", -1);
        if (head.length != 2 || !term.endsWith(")") || !(head[1].equals("in") || head[1].equals("notin"))) {
            throw unreadable(term);
        }
        Set<String> values = new HashSet<>();
        for (String value : term.substring(open + 1, term.length() - 1).split(",", -1)) {
            values.add(value.strip());
        }
        String key = key(head[0], term);
        boolean in = head[1].equals("in");
        return object -> in == values.contains(value(object, key).asString("\0"));
    }

    private static String key(String text, String term) {
        String key = text.strip();
        boolean legal = !key.isEmpty()
                && key.chars()
                        .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.' || c == '/');
        if (!legal) {
            String[] tokens = key.split("\\s+", -1);
            throw KubeException.badRequest(
                    tokens.length > 1
                            ? "unable to parse requirement: found '" + tokens[1]
                                    + "', expected: in, notin, =, ==, !=, gt, lt"
                            : "unable to parse requirement: \"" + term + "\"");
        }
        return key;
    }

    private static KubeException unreadable(String term) {
        return KubeException.badRequest("unable to parse requirement: \"" + term + "\"");
    }

    private static JsonNode value(ObjectNode object, String label) {
        return object.path("metadata").path("labels").path(label);
    }

    private static boolean isSelectable(String field, Kind kind) {
        return OF_ALL.contains(field)
                || (kind.group().isEmpty()
                        && OF_KIND.getOrDefault(kind.plural(), Set.of()).contains(field));
    }

    private static Predicate<ObjectNode> field(String term, Kind kind) {
        int unequal = term.indexOf("!=");
        int at = unequal > 0 ? unequal : term.indexOf('=');
        String field = at < 0 ? term : term.substring(0, at).strip();
        if (at < 0) {
            throw KubeException.badRequest("invalid selector: '" + term + "'; can't understand '" + term + "'");
        }
        if (!isSelectable(field, kind)) {
            throw KubeException.badRequest("field label not supported: " + field);
        }
        String value = term.substring(term.startsWith("==", at) || unequal > 0 ? at + 2 : at + 1)
                .strip();
        String path = "/" + field.replace('.', '/');
        return object -> (unequal <= 0) == object.at(path).asString("").equals(value);
    }
}
