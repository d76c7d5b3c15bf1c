package dev.exeat.policy.mixer;

import dev.exeat.model.Node;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import dev.exeat.policy.mixer.MixerObject.Action;
import dev.exeat.policy.mixer.MixerObject.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rules. What is wrong is reported; the object is then refused as a whole. */
final class RuleReader {
    private final ExpressionReader expressions;

    RuleReader(Vocabulary vocabulary) {
        this.expressions = new ExpressionReader(vocabulary);
    }

    MixerObject.Rule read(ObjectKey key, Fields spec) {
        CompiledExpression match = match(spec);
        Place place = spec.place("match");
        List<Action> actions = new ArrayList<>();
        List<Field> items = spec.items("actions");
        for (int i = 0; i < items.size(); i++) {
            Action action = action(spec, items.get(i), i);
            if (action != null) {
                actions.add(action);
            }
        }
        if (spec.find("actions") == null) {
            spec.findings()
                    .warning(
                            "no-effect",
                            spec.place(),
                            spec.path("actions"),
                            "the rule has no actions, so it has no effect",
                            "add an action with a handler and instances");
        }
        warnOfHttp(spec, "request_header_operations", "headers are inside the application's TLS and stay untouched");
        warnOfHttp(spec, "response_header_operations", "headers are inside the application's TLS and stay untouched");
        warnOfHttp(spec, "sampling", "every event is reported");
        spec.done();
        return new MixerObject.Rule(key, place, match, List.copyOf(actions));
    }

    private @Nullable CompiledExpression match(Fields spec) {
        Field field = spec.find("match");
        if (field == null || (field.node() instanceof Node.Scalar scalar && isAlways(scalar.text()))) {
            return null;
        }
        return expressions.read(spec, field, ValueType.BOOL);
    }

    private static boolean isAlways(String match) {
        return match.isBlank() || match.strip().equals("true");
    }

    private static @Nullable Action action(Fields spec, Field item, int number) {
        Fields fields = spec.mapping(item);
        if (fields == null) {
            return null;
        }
        String handler = fields.requiredText("handler");
        fields.text("name");
        Map<String, Reference> instances = new LinkedHashMap<>();
        List<Field> items = fields.items("instances");
        for (int i = 0; i < items.size(); i++) {
            Field instance = items.get(i);
            String name = fields.text(instance);
            if (name == null) {
                continue;
            }
            if (name.isEmpty()) {
                fields.findings().error("empty-field", instance.place(), instance.path(), "the name is empty", "");
            } else if (instances.putIfAbsent(name, new Reference(name, instance.place(), number, i)) != null) {
                fields.findings()
                        .warning(
                                "duplicate-instance",
                                instance.place(),
                                instance.path(),
                                "the instance \"" + name + "\" is named twice in one action; it counts once",
                                "remove one");
            }
        }
        Field list = fields.find("instances");
        if (list == null
                || (list.node() instanceof Node.Sequence sequence
                        && sequence.items().isEmpty())) {
            fields.findings()
                    .error(
                            "missing-field",
                            fields.place(),
                            fields.path("instances"),
                            "an action needs at least one instance",
                            "name one; for a denier an instance of the template checknothing will do");
        }
        fields.done();
        Field place = fields.find("handler");
        return handler == null || place == null
                ? null
                : new Action(
                        new Reference(handler, place.place(), number, Reference.HANDLER),
                        List.copyOf(instances.values()));
    }

    private static void warnOfHttp(Fields spec, String name, String why) {
        Field field = spec.find(name);
        if (field != null) {
            spec.findings()
                    .warning("no-effect", field.place(), field.path(), "the field has no effect here: " + why, "");
        }
    }
}
