package dev.exeat.it.faults;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What one fault did.
 *
 * @param recovery from its undoing until every way to every upstream worked again
 * @param visits how many ended meanwhile
 * @param tolerated of them, failed as they may
 * @param late failed on a machine that is too busy to tell why
 * @param descriptors open at {@code up} and {@code gateway} afterwards
 * @param complaints what must not be, beside the losses
 */
record Round(
        String fault,
        Duration length,
        Duration recovery,
        int visits,
        int tolerated,
        int late,
        String descriptors,
        Losses losses,
        List<String> complaints) {
    boolean good() {
        return losses.none() && complaints.isEmpty();
    }

    String line() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-20s %6.1f s  recovered %5.2f s  visits %5d  failed as they may %3d, late %2d  fds %-9s lost %s",
                fault,
                length.toMillis() / 1000.0,
                recovery.toMillis() / 1000.0,
                visits,
                tolerated,
                late,
                descriptors,
                losses));
        losses.details().forEach(detail -> text.append("\n    LOST ").append(detail));
        complaints.forEach(
                complaint -> text.append("\n    NOT AS IT SHOULD BE ").append(complaint));
        return text.toString();
    }
}
