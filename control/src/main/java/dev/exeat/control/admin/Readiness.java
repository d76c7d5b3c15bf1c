package dev.exeat.control.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether a process should be sent work: every condition must hold. Thread-safe.
 */
public final class Readiness {
    private final Map<String, Supplier<String>> conditions = new ConcurrentHashMap<>();

    /**
     * Adds a condition.
     *
     * @param name one word, for example {@code listeners}
     * @param reason asked at each probe, must not block: why the condition does not hold, empty while it does
     */
    public void require(String name, Supplier<String> reason) {
        conditions.put(name, reason);
    }

    /** From now on and for good the process is not ready: it is draining. */
    public void drain() {
        require("drain", () -> "the process is draining and takes no new connections");
    }

    /** {@code name: reason} of each condition that does not hold, by name; empty when ready. */
    public List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        new TreeMap<>(conditions).forEach((name, condition) -> {
            String reason = ask(condition);
            if (!reason.isEmpty()) {
                reasons.add(name + ": " + reason);
            }
        });
        return reasons;
    }

    private static String ask(Supplier<String> condition) {
        try {
            return condition.get();
        } catch (RuntimeException e) {
            return "cannot be told (" + e + ")";
        }
    }
}
