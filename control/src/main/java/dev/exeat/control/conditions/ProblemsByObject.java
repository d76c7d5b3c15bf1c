package dev.exeat.control.conditions;

import dev.exeat.control.StoreSource;
import dev.exeat.control.store.FileOwned;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which problems are about which object of the store. */
final class ProblemsByObject {
    private final Map<String, List<Problem>> ofStore = new HashMap<>();
    private final Map<ObjectKey, List<Problem>> ofFiles = new HashMap<>();

    ProblemsByObject(List<Problem> problems) {
        for (Problem problem : problems) {
            String file = problem.place().file();
            if (file.startsWith(StoreSource.PLACE)) {
                ofStore.computeIfAbsent(file, _ -> new ArrayList<>()).add(problem);
            } else if (problem.object() != null) {
                ofFiles.computeIfAbsent(problem.object(), _ -> new ArrayList<>())
                        .add(problem);
            }
        }
    }

    List<Problem> of(StoredObject object, ObjectKey name) {
        if (FileOwned.place(object.body()) != null) {
            return ofFiles.getOrDefault(name, List.of());
        }
        return ofStore.getOrDefault(StoreSource.place(object.key()), List.of()).stream()
                .filter(problem -> problem.object() == null || problem.object().equals(name))
                .toList();
    }
}
