package dev.exeat.control.conditions;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts conditions into the {@code status} of an object, beside those of others. */
final class StatusBody {
    private StatusBody() {}

    /**
     * The object with these conditions.
     *
     * @return null if it says so already. That it is programmed is said once, with the digest of that time, and not anew
     *     whenever another object changes the policy
     */
    static @Nullable ObjectNode with(ObjectNode object, List<Condition> conditions, Instant now) {
        long generation = object.at("/metadata/generation").asLong(0);
        JsonNode before = object.at("/status/conditions");
        boolean same = true;
        for (Condition condition : conditions) {
            same &= says(find(before, condition.type()), condition, generation);
        }
        if (same) {
            return null;
        }
        ObjectNode next = object.deepCopy();
        ArrayNode all = next.withObject("/status").putArray("conditions");
        Set<String> own = new HashSet<>();
        for (Condition condition : conditions) {
            own.add(condition.type());
            JsonNode earlier = find(before, condition.type());
            all.add(
                    says(earlier, condition, generation)
                            ? earlier.deepCopy()
                            : written(all.objectNode(), condition, generation, earlier, now));
        }
        for (JsonNode other : before) {
            if (!own.contains(other.path("type").asString(""))) {
                all.add(other.deepCopy());
            }
        }
        return next;
    }

    private static ObjectNode written(
            ObjectNode node, Condition condition, long generation, JsonNode earlier, Instant now) {
        String status = status(condition);
        boolean turned = !earlier.path("status").asString("").equals(status);
        return node.put("type", condition.type())
                .put("status", status)
                .put("observedGeneration", generation)
                .put(
                        "lastTransitionTime",
                        turned
                                ? now.truncatedTo(ChronoUnit.SECONDS).toString()
                                : earlier.path("lastTransitionTime").asString(""))
                .put("reason", condition.reason())
                .put("message", condition.message());
    }

    private static boolean says(JsonNode earlier, Condition condition, long generation) {
        boolean once = condition.type().equals(Condition.PROGRAMMED) && condition.holds();
        return earlier.path("status").asString("").equals(status(condition))
                && earlier.path("observedGeneration").asLong(-1) == generation
                && earlier.path("reason").asString("").equals(condition.reason())
                && (once || earlier.path("message").asString("").equals(condition.message()));
    }

    private static String status(Condition condition) {
        return condition.holds() ? "True" : "False";
    }

    private static JsonNode find(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return conditions.path(-1);
    }
}
