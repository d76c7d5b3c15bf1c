package dev.exeat.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens connections, a few at a time, and keeps them open and silent. */
final class Held implements Work {
    private static final int AT_A_TIME = 32;

    private final List<Talk> talks = new ArrayList<>();

    @Override
    public void begin(Stage stage, Consumer<Tally> over) {
        Opening opening = new Opening(stage, over);
        stage.loop().schedule(Duration.ofMillis(stage.job().millis()), opening::finish);
        for (int i = 0; i < Math.min(AT_A_TIME, stage.job().inFlight()); i++) {
            opening.next();
        }
    }

    /** On the loop of the connections. */
    void end() {
        talks.forEach(Talk::end);
        talks.clear();
    }

    private final class Opening implements Visit.Life {
        private final Stage stage;
        private final Consumer<Tally> over;
        private final Tally tally = new Tally();
        private int begun;
        private int pending;
        private boolean finished;

        private Opening(Stage stage, Consumer<Tally> over) {
            this.stage = stage;
            this.over = over;
        }

        private void next() {
            if (begun < stage.job().inFlight() && tally.errors() == 0 && !finished) {
                begun++;
                pending++;
                Visit.begin(stage.way(), tally, this);
            } else if (pending == 0) {
                finish();
            }
        }

        @Override
        public void answered(Visit visit) {
            visit.ping(() -> {
                tally.done();
                talks.add(visit.talk());
                visit.leave();
                ended();
            });
        }

        @Override
        public void ended() {
            pending--;
            next();
        }

        @Override
        public void failed(String detail) {
            stage.loop().execute(this::ended);
        }

        private void finish() {
            if (!finished) {
                finished = true;
                over.accept(tally);
            }
        }
    }
}
