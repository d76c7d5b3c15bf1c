package dev.exeat.bench.load;

import java.util.function.Consumer;

/** Whole connections, a new one as soon as one ends. */
final class ClosedConnections implements Work {
    private static final int ERRORS_TO_GIVE_UP = 100;

    @Override
    public void begin(Stage stage, Consumer<Tally> over) {
        Round round = new Round(stage, over);
        for (int i = 0; i < stage.job().inFlight(); i++) {
            round.next();
        }
    }

    private static final class Round implements Visit.Life {
        private final Stage stage;
        private final Consumer<Tally> over;
        private final Tally tally = new Tally();
        private final long deadline;
        private int open;

        private Round(Stage stage, Consumer<Tally> over) {
            this.stage = stage;
            this.over = over;
            this.deadline = stage.deadline();
        }

        private void next() {
            open++;
            Visit.begin(stage.way(), tally, this);
        }

        @Override
        public void answered(Visit visit) {
            visit.finish();
        }

        @Override
        public void ended() {
            open--;
            if (System.nanoTime() < deadline && tally.errors() < ERRORS_TO_GIVE_UP) {
                next();
            } else if (open == 0) {
                over.accept(tally);
            }
        }

        @Override
        public void failed(String detail) {
            // Not at once: a refusal that comes within the call would never let the loop turn.
            stage.loop().execute(this::ended);
        }
    }
}
