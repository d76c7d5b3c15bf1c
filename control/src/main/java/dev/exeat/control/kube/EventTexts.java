package dev.exeat.control.kube;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as text. All watchers of a list are told of a change at about the same time and in the same words, so that the
 * latest texts are kept and written once, not once for each. Thread-safe.
 */
final class EventTexts {
    /** The two bound what is kept to 1 MiB. */
    private static final int KEPT = 64;

    private static final int LONGEST = 16_384;

    private final AtomicReferenceArray<@Nullable Kept> kept = new AtomicReferenceArray<>(KEPT);

    private record Kept(String type, ObjectNode object, byte[] text) {
        @SuppressWarnings("ReferenceEquality") // What is shared is the same object; to compare them takes longer.
        boolean isOf(String type, ObjectNode object) {
            return this.object == object && this.type.equals(type);
        }
    }

    /**
     * The event of a change; not to be altered.
     *
     * @param version that of the change
     */
    byte[] of(long version, String type, ObjectNode object) {
        int place = (int) (version % KEPT);
        Kept before = kept.get(place);
        if (before != null && before.isOf(type, object)) {
            return before.text();
        }
        byte[] text = of(type, object);
        if (text.length <= LONGEST) {
            kept.set(place, new Kept(type, object, text));
        }
        return text;
    }

    static byte[] of(String type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("object", object);
        return JsonMapper.shared().writeValueAsBytes(event);
    }
}
