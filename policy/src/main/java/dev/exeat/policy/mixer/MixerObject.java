package dev.exeat.policy.mixer;

import dev.exeat.model.ObjectKey;
import dev.exeat.model.Place;
import dev.exeat.policy.cexl.CompiledExpression;
import dev.exeat.policy.cexl.ValueType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object of Mixer that has been read; references to others are still names. */
public sealed interface MixerObject {
    ObjectKey key();

    /** {@code name.kind.namespace}, which is how references and errors name objects in full. */
    default String fullName() {
        return key().name() + "." + key().kind() + "." + key().namespace();
    }

    /**
     * @param match null for a rule that always applies
     * @param place of the match, or of the rule where it has none
     */
    record Rule(ObjectKey key, Place place, @Nullable CompiledExpression match, List<Action> actions)
            implements MixerObject {}

    /** What a rule does: the handler, and the instances it is given. */
    record Action(Reference handler, List<Reference> instances) {}

    /**
     * A name as written, and where: there are too many of them to keep the path of each as a text.
     *
     * @param action the number of the rule's action, from 0
     * @param instance the number of the action's instance, from 0, or {@link #HANDLER}
     */
    record Reference(String name, Place place, int action, int instance) {
        static final int HANDLER = -1;

        /** The path of the field. */
        String field() {
            return "spec.actions[" + action + "]" + (instance == HANDLER ? ".handler" : ".instances[" + instance + "]");
        }
    }

    record Handler(ObjectKey key, Place place, Adapter adapter, HandlerConfig config) implements MixerObject {}

    record Instance(ObjectKey key, Place place, Template template, InstanceConfig config) implements MixerObject {}

    /** Further attributes. */
    record Manifest(ObjectKey key, Map<String, ValueType> attributes) implements MixerObject {}

    /** An object that is accepted and means nothing here. */
    record Inert(ObjectKey key) implements MixerObject {}
}
