package dev.exeat.bench.load;

import java.util.function.Consumer;

/** Requests and responses on connections that stay open. */
final class Pings implements Work {
    @Override
    public void begin(Stage stage, Consumer<Tally> over) {
        Round round = new Round(stage, over);
        for (int i = 0; i < stage.job().inFlight(); i++) {
            Visit.begin(stage.way(), round.tally, round);
        }
    }

    private static final class Round implements Visit.Life {
        private final Tally tally = new Tally();
        private final Consumer<Tally> over;
        private final long deadline;
        private int open;

        private Round(Stage stage, Consumer<Tally> over) {
            this.over = over;
            this.deadline = stage.deadline();
            this.open = stage.job().inFlight();
        }

        @Override
        public void answered(Visit visit) {
            visit.ping(() -> ponged(visit));
        }

        private void ponged(Visit visit) {
            tally.done();
            if (System.nanoTime() < deadline) {
                visit.ping(() -> ponged(visit));
            } else {
                visit.talk().end();
                ended();
            }
        }

        @Override
        public void ended() {
            open--;
            if (open == 0) {
                over.accept(tally);
            }
        }

        @Override
        public void failed(String detail) {
            ended();
        }
    }
}
