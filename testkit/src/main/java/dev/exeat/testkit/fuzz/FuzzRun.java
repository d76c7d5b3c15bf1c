package dev.exeat.testkit.fuzz;

import java.time.Duration;
import java.util.Map;

/**
 * What a run without a finding did.
 *
 * @param answers how often each answer came, numbers and quoted text aside; at most 4096 of them
 * @param kept how many inputs were kept as seeds because their answer was new
 */
public record FuzzRun(String target, long seed, long inputs, Map<String, Long> answers, int kept, Duration time) {
    public long perSecond() {
        return inputs * 1000 / Math.max(1, time.toMillis());
    }
}
