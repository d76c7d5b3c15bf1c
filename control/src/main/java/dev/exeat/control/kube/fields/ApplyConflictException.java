package dev.exeat.control.kube.fields;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fields that would be changed are owned by other clients; the message names them all. */
public final class ApplyConflictException extends RuntimeException {
    private final transient List<Conflict> conflicts;

    ApplyConflictException(List<Conflict> conflicts) {
        super(message(conflicts));
        this.conflicts = List.copyOf(conflicts);
    }

    public List<Conflict> conflicts() {
        return conflicts;
    }

    private static String message(List<Conflict> conflicts) {
        if (conflicts.size() == 1) {
            Conflict conflict = conflicts.getFirst();
            return "Apply failed with 1 conflict: conflict with " + conflict.owner() + ": " + conflict.field();
        }
        Map<String, List<String>> byOwner = new LinkedHashMap<>();
        conflicts.forEach(conflict -> byOwner.computeIfAbsent(conflict.owner(), _ -> new ArrayList<>())
                .add(conflict.field()));
        List<String> lines = new ArrayList<>();
        byOwner.forEach((owner, fields) -> {
            lines.add("conflicts with " + owner + ":");
            fields.forEach(field -> lines.add("- " + field));
        });
        return "Apply failed with " + conflicts.size() + " conflicts: " + String.join("\n", lines);
    }
}
