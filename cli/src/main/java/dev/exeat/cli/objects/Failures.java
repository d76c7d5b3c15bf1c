package dev.exeat.cli.objects;

import dev.exeat.cli.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What could not be done while the rest was; told at the end. */
final class Failures {
    private final List<ObjectException> failures = new ArrayList<>();

    void add(ObjectException failure) {
        failures.add(failure);
    }

    /** Does something that may fail alone. */
    void attempt(Runnable work) {
        try {
            work.run();
        } catch (ObjectException e) {
            add(e);
        }
    }

    boolean isEmpty() {
        return failures.isEmpty();
    }

    /** @return the exit code */
    int tell(PrintWriter err) {
        if (failures.size() == 1) {
            err.println(failures.getFirst().alone());
        } else {
            failures.forEach(failure -> err.println(failure.amongOthers()));
        }
        err.flush();
        return failures.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
