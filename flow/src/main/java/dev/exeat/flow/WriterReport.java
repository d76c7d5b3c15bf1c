package dev.exeat.flow;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the operator of a writer's failures: a fault once until the sink works again, and faults as drops at most every ten
 * seconds; what lasts longer is told. Used by the writer's thread, but for {@link #stuck}.
 */
public final class WriterReport {
    private static final Logger LOG = LoggerFactory.getLogger(WriterReport.class);
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final String sink;
    private final LongSupplier nanoTime;
    /** Whether the operator knows that the sink fails. */
    private boolean told;

    private boolean neglectTold;
    private long failureSaidAt;
    private long dropsSaidAt;
    private long dropsSaid;

    public WriterReport(String sink, LongSupplier nanoTime) {
        this.sink = sink;
        this.nanoTime = nanoTime;
        this.failureSaidAt = nanoTime.getAsLong() - QUIET.toNanos();
        this.dropsSaidAt = failureSaidAt;
    }

    /** What was to be written is dropped. */
    public void failed(Exception cause) {
        fault(
                cause,
                "log lines cannot be written; they are dropped and counted until the sink works again."
                        + " Free space, or let the program write there");
    }

    /** What was to be written waits. */
    public void delayed(Exception cause) {
        fault(
                cause,
                "log lines cannot be written, and wait until the sink works again;"
                        + " what finds no room meanwhile is dropped and counted");
    }

    private void fault(Exception cause, String message) {
        if (!told && isQuietSince(failureSaidAt)) {
            told = true;
            failureSaidAt = nanoTime.getAsLong();
            at(LOG.atError()).addKeyValue("cause", cause.toString()).log(message);
        }
    }

    public void works() {
        if (told) {
            told = false;
            at(LOG.atInfo()).log("log lines are written again");
        }
    }

    /** What is due beside writing was not done, and is tried again. */
    public void neglected(Exception cause) {
        if (!neglectTold) {
            neglectTold = true;
            at(LOG.atError())
                    .addKeyValue("cause", cause.toString())
                    .log("a store of records cannot be pruned or prepared, or lost connections not be ended in it;"
                            + " that is tried again, and the store may grow meanwhile");
        }
    }

    /** All was done that was due beside writing. */
    public void tended() {
        if (neglectTold) {
            neglectTold = false;
            at(LOG.atInfo()).log("a store of records is looked after again");
        }
    }

    /** @param total drops so far */
    public void dropped(long total) {
        if (total != dropsSaid && isQuietSince(dropsSaidAt)) {
            say(total);
        }
    }

    /** Says what has not been said. */
    public void ended(long total) {
        if (total != dropsSaid) {
            say(total);
        }
    }

    public void stuck(int lines) {
        at(LOG.atError()).addKeyValue("lines", lines).log("log lines were lost, because the sink did not take them");
    }

    private void say(long total) {
        dropsSaidAt = nanoTime.getAsLong();
        at(LOG.atWarn()).addKeyValue("dropped", total - dropsSaid).log("log lines were dropped");
        dropsSaid = total;
    }

    private LoggingEventBuilder at(LoggingEventBuilder event) {
        return event.addKeyValue("sink", sink);
    }

    private boolean isQuietSince(long said) {
        return nanoTime.getAsLong() - said >= QUIET.toNanos();
    }
}
