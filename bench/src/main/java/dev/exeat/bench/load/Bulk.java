package dev.exeat.bench.load;

import dev.exeat.bench.wire.AppTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Downloads without an end, cut off when the time is over. */
final class Bulk implements Work {
    private static final byte[] REQUEST = AppTls.bulk(Long.MAX_VALUE);

    @Override
    public void begin(Stage stage, Consumer<Tally> over) {
        Round round = new Round();
        for (int i = 0; i < stage.job().inFlight(); i++) {
            Visit.begin(stage.way(), round.tally, round);
        }
        stage.loop().schedule(Duration.ofMillis(stage.job().millis()), () -> {
            round.cut();
            over.accept(round.tally);
        });
    }

    private static final class Round implements Visit.Life {
        private final Tally tally = new Tally();
        private final List<Talk> talks = new ArrayList<>();

        @Override
        public void answered(Visit visit) {
            talks.add(visit.talk());
            visit.talk().onProgress(tally::received);
            visit.talk().ask(REQUEST, Expected.octets(Long.MAX_VALUE), () -> {});
        }

        private void cut() {
            for (Talk talk : talks) {
                tally.done();
                talk.reset();
            }
            talks.clear();
        }

        @Override
        public void ended() {
            // A download has no end of its own.
        }

        @Override
        public void failed(String detail) {
            // It is counted already.
        }
    }
}
