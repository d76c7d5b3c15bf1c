package dev.exeat.bench.load;

import dev.exeat.net.EventLoop;
import java.util.function.Consumer;

/** What a job does on its loop, for as long as it lasts. Confined to its loop. */
interface Work {
    /** @param over is called once, with the way of the job free to be closed */
    void begin(Stage stage, Consumer<Tally> over);

    /** What work is given. */
    record Stage(EventLoop loop, Way way, Job job) {
        long deadline() {
            return System.nanoTime() + job.millis() * 1_000_000;
        }
    }
}
