package dev.exeat.bench.load;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Whole connections begun at even times, whether or not earlier ones have ended, so that a slow answer delays no later
 * question. By how much the client itself was late is told beside.
 */
final class FixedRate implements Work {
    private static final long SECOND = 1_000_000_000;
    private static final long MILLIS_PER_SECOND = 1000;
    private static final long MOST_OPEN = 2000;

    @Override
    public void begin(Stage stage, Consumer<Tally> over) {
        Round round = new Round(stage, over);
        Thread.ofPlatform().daemon().name("rate").start(round::keepTime);
    }

    private static final class Round implements Visit.Life {
        private final Stage stage;
        private final Consumer<Tally> over;
        private final Tally tally = new Tally();
        private int open;
        private boolean allBegun;

        private Round(Stage stage, Consumer<Tally> over) {
            this.stage = stage;
            this.over = over;
        }

        /** A thread of its own, because timers of a loop are only good to a millisecond. */
        private void keepTime() {
            long step = SECOND / stage.job().perSecond();
            long count = stage.job().millis() * stage.job().perSecond() / MILLIS_PER_SECOND;
            long first = System.nanoTime();
            for (long i = 0; i < count; i++) {
                long due = first + i * step;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                stage.loop().execute(() -> beginOne(due));
            }
            stage.loop().execute(() -> {
                allBegun = true;
                endIfOver();
            });
        }

        private void beginOne(long due) {
            tally.begunLate(System.nanoTime() - due);
            if (++open > MOST_OPEN) {
                open--;
                tally.failed("more than " + MOST_OPEN + " connections wait for an answer");
                return;
            }
            Visit.begin(stage.way(), tally, this);
        }

        @Override
        public void answered(Visit visit) {
            visit.finish();
        }

        @Override
        public void ended() {
            open--;
            endIfOver();
        }

        @Override
        public void failed(String detail) {
            ended();
        }

        private void endIfOver() {
            if (allBegun && open == 0) {
                over.accept(tally);
            }
        }
    }
}
