package dev.exeat.policy.explain;

import dev.exeat.model.Attempt;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Resource;
import dev.exeat.model.SpiffeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The ways to change an object that denies: an exception for one client and host where the kind knows exceptions, a host
 * or a client off a list, an entry of a list that a handler checks. Only of an EgressPolicy, which knows none, the whole
 * may have to go. Each says what else it allows.
 */
final class Edits {
    private static final int TOLD = 5;
    private static final String FOR_CLIENTS = ", for every client that it selects";
    private static final String FOR_HOSTS = ", for every host that it denies";
    private static final String FOR_LISTED = ", for every client that is held to the list";

    private final Resource object;
    private final int index;
    private final Attempt attempt;
    private final Collection<Resource> objects;

    /** @param index of the rule that denies */
    Edits(Resource object, int index, Attempt attempt, Collection<Resource> objects) {
        this.object = object;
        this.index = index;
        this.attempt = attempt;
        this.objects = objects;
    }

    List<Change> candidates() {
        return switch (object.key().kind()) {
            case "EgressPolicy" -> ofEgressPolicy();
            case "AuthorizationPolicy" -> ofAuthorizationPolicy();
            case "rule" -> ofMixerRule();
            default -> List.of();
        };
    }

    private List<Change> ofEgressPolicy() {
        List<Change> changes = new ArrayList<>();
        List<String> destination = List.of("spec", "destinations", Integer.toString(index));
        List<String> hosts = below(destination, "hosts");
        List<String> sources = List.of("spec", "sources");
        offList(hosts, this::isHost, FOR_CLIENTS, changes);
        ofSources(sources, "serviceAccounts", this::isAccount, changes);
        ofSources(sources, "spiffeIds", this::isIdentity, changes);
        offList(hosts, this::isCovered, FOR_CLIENTS, changes);
        ofSources(sources, "namespaces", this::isNamespace, changes);
        if (items(destination.subList(0, 2)).size() > 1) {
            changes.add(edit("take off " + NodePath.told(destination), destination, FOR_CLIENTS));
        }
        changes.add(new Change.Remove(
                object.key(),
                "remove " + object.key() + "; it knows no exceptions, so this allows all that it denies: "
                        + named(hosts, "every host of its sets") + " for "
                        + (items(sources).isEmpty()
                                ? "every client in its reach"
                                : "all " + items(sources).size() + " of its sources"),
                object));
        return changes;
    }

    private void ofSources(List<String> sources, String field, Predicate<String> wanted, List<Change> changes) {
        for (int i = 0; i < items(sources).size(); i++) {
            offList(below(below(sources, Integer.toString(i)), field), wanted, FOR_HOSTS, changes);
        }
    }

    private String named(List<String> path, String otherwise) {
        List<String> texts = items(path).stream()
                .limit(TOLD)
                .map(item -> item instanceof Node.Scalar scalar ? scalar.text() : "")
                .toList();
        int more = items(path).size() - texts.size();
        return texts.isEmpty() ? otherwise : String.join(", ", texts) + (more == 0 ? "" : " and " + more + " more");
    }

    private List<Change> ofAuthorizationPolicy() {
        List<Change> changes = new ArrayList<>();
        List<String> rules = List.of("spec", "rules");
        if (NodePath.find(object.body(), rules) instanceof Node.Sequence sequence
                && index < sequence.items().size()) {
            RuleException exception = new RuleException(attempt);
            changes.add(new Change.Edit(
                    object.key(),
                    "except " + exception.told() + " from " + NodePath.told(below(rules, Integer.toString(index)))
                            + " of " + object.key(),
                    object,
                    withBody(object, NodePath.with(object.body(), rules, exception.in(sequence, index)))));
        }
        return changes;
    }

    private List<Node> items(List<String> path) {
        return NodePath.find(object.body(), path) instanceof Node.Sequence sequence ? sequence.items() : List.of();
    }

    private static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path);
        longer.add(step);
        return longer;
    }

    /** Takes one item off a list that has others, for without any it would stand for all. */
    private void offList(List<String> path, Predicate<String> wanted, String width, List<Change> changes) {
        List<Node> items = items(path);
        int at = items.size() > 1 ? indexOf(items, wanted) : -1;
        if (at >= 0 && items.get(at) instanceof Node.Scalar item) {
            List<String> entry = below(path, Integer.toString(at));
            changes.add(edit("take " + item.text() + " off " + NodePath.told(entry), entry, width));
        }
    }

    private Change edit(String summary, List<String> removed, String width) {
        return new Change.Edit(
                object.key(),
                summary + " of " + object.key() + width,
                object,
                withBody(object, NodePath.without(object.body(), removed)));
    }

    private static Resource withBody(Resource resource, Node body) {
        return new Resource(
                resource.key(), resource.apiVersion(), resource.labels(), resource.annotations(), (Node.Mapping) body);
    }

    private static int indexOf(List<Node> items, Predicate<String> wanted) {
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof Node.Scalar scalar && wanted.test(scalar.text())) {
                return i;
            }
        }
        return -1;
    }

    private boolean isAccount(String text) {
        SpiffeId source = attempt.source();
        if (source == null) {
            return false;
        }
        String account = source.serviceAccount();
        return account != null
                && source.namespace() != null
                && (text.equals(source.namespace() + "/" + account)
                        || (text.equals(account) && object.key().namespace().equals(source.namespace())));
    }

    private boolean isIdentity(String text) {
        return attempt.source() != null && attempt.source().toString().equals(text);
    }

    private boolean isNamespace(String text) {
        return attempt.source() != null && text.equals(attempt.source().namespace());
    }

    private boolean isHost(String text) {
        return text.indexOf('*') < 0 && isCovered(text);
    }

    private boolean isCovered(String text) {
        try {
            return HostPattern.parse(text).matches(attempt.target().host());
        } catch (InvalidNameException e) {
            return false;
        }
    }

    /** A list that a handler checks is changed by an entry; else the rule's match is made to except the attempt. */
    private List<Change> ofMixerRule() {
        List<Change> changes = new ArrayList<>();
        for (Resource handler : handlers()) {
            Change change = ofHandler(handler);
            if (change != null) {
                changes.add(change);
            }
        }
        if (NodePath.find(object.body(), List.of("spec")) instanceof Node.Mapping spec) {
            Node excepting =
                    Nodes.mapOf(spec).put("match", Nodes.text(excepting(spec))).build();
            changes.add(new Change.Edit(
                    object.key(),
                    "except this client and host from the match of " + object.key(),
                    object,
                    withBody(object, NodePath.with(object.body(), List.of("spec"), excepting))));
        }
        return changes;
    }

    private String excepting(Node.Mapping spec) {
        String principal = attempt.source() == null ? "" : attempt.source().principal();
        String others =
                "(source.principal | \"\") != \"" + principal + "\" || (connection.requested_server_name | \"\") != \""
                        + attempt.target().host() + "\"";
        return spec.get("match") instanceof Node.Scalar match && !match.text().isBlank()
                ? "(" + match.text().strip() + ") && (" + others + ")"
                : others;
    }

    private List<Resource> handlers() {
        Node name = NodePath.find(object.body(), List.of("spec", "actions", Integer.toString(index), "handler"));
        if (!(name instanceof Node.Scalar scalar)) {
            return List.of();
        }
        String first = scalar.text().contains(".")
                ? scalar.text().substring(0, scalar.text().indexOf('.'))
                : scalar.text();
        return objects.stream()
                .filter(resource -> resource.key().name().equals(first))
                .filter(resource -> NodePath.find(resource.body(), overrides(resource)) != null)
                .toList();
    }

    /** The legacy kinds have no {@code params}. */
    private static List<String> overrides(Resource handler) {
        return NodePath.find(handler.body(), List.of("spec", "params")) == null
                ? List.of("spec", "overrides")
                : List.of("spec", "params", "overrides");
    }

    private @Nullable Change ofHandler(Resource handler) {
        List<String> path = overrides(handler);
        if (!(NodePath.find(handler.body(), path) instanceof Node.Sequence list)) {
            return null;
        }
        ObjectKey key = handler.key();
        String host = attempt.target().host().value();
        int at = indexOf(list.items(), this::isHost);
        if (at >= 0) {
            List<String> entry = new ArrayList<>(path);
            entry.add(Integer.toString(at));
            return new Change.Edit(
                    key,
                    "take " + host + " off the list of " + key + FOR_LISTED,
                    handler,
                    withBody(handler, NodePath.without(handler.body(), entry)));
        }
        List<Node> items = new ArrayList<>(list.items());
        items.add(Nodes.text(host));
        return new Change.Edit(
                key,
                "put " + host + " on the list of " + key + FOR_LISTED,
                handler,
                withBody(handler, NodePath.with(handler.body(), path, new Node.Sequence(items, list.place()))));
    }
}
