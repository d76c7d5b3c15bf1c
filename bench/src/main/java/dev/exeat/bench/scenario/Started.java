package dev.exeat.bench.scenario;

import dev.exeat.bench.load.Door;
import dev.exeat.bench.subject.Running;
import dev.exeat.bench.subject.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The programs of a scenario, all running; one that does not start is left out, with a note. Not thread-safe. */
final class Started implements AutoCloseable {
    /** @param warmUp how long it is to run before it is measured */
    record One(String name, Running running, Duration warmUp) {}

    private static final Duration WARM_UP = Duration.ofSeconds(2);

    private final List<One> all = new ArrayList<>();

    static Started start(Stand stand, List<Subject> subjects, Door door, Findings findings) {
        Started started = new Started();
        for (Subject subject : subjects) {
            try {
                started.all.add(new One(subject.name(), stand.start(subject, door), warmUp(stand, subject)));
            } catch (IllegalStateException e) {
                findings.note(subject.name() + " did not start: " + e.getMessage());
                stand.say("  " + subject.name() + " did not start: " + e.getMessage());
            }
        }
        return started;
    }

    private static Duration warmUp(Stand stand, Subject subject) {
        return subject.isCompiledWhileRunning() ? stand.settings().warmUp() : WARM_UP;
    }

    List<One> all() {
        return all;
    }

    @Override
    public void close() {
        all.forEach(one -> one.running().close());
    }
}
