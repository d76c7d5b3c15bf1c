package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
    private static final long MILLI = 1_000_000;

    @Test
    void runs_never_early_and_at_most_a_tick_late_in_any_order() {
        TimerWheel wheel = new TimerWheel(0, () -> {});
        Random random = new Random(5);
        List<long[]> ran = new ArrayList<>();
        long[] now = {0};
        for (int i = 0; i < 2000; i++) {
            long delay = random.nextInt(30_000) * MILLI;
            wheel.schedule(0, delay, () -> ran.add(new long[] {delay, now[0]}));
        }
        while (ran.size() < 2000) {
            now[0] += 1 + wheel.nanosToNext(now[0]);
            wheel.advance(now[0], Runnable::run);
        }

        assertThat(ran).allMatch(r -> r[1] >= r[0] && r[1] <= r[0] + 2 * TimerWheel.TICK_NANOS);
        assertThat(wheel.nanosToNext(now[0])).isEqualTo(-1);
    }

    @Test
    void a_cancelled_task_does_not_run_even_when_its_neighbour_cancels_it() {
        TimerWheel wheel = new TimerWheel(0, () -> {});
        List<String> ran = new ArrayList<>();
        Timeout[] other = new Timeout[1];
        other[0] = wheel.schedule(0, 10 * MILLI, () -> ran.add("cancelled"));
        wheel.schedule(0, 10 * MILLI, () -> {
            ran.add("ran");
            other[0].cancel();
        });
        wheel.advance(100 * MILLI, Runnable::run);

        assertThat(ran).containsExactly("ran");
    }

    @Test
    void a_long_pause_runs_everything_that_is_due_and_nothing_else() {
        TimerWheel wheel = new TimerWheel(0, () -> {});
        List<Integer> ran = new ArrayList<>();
        wheel.schedule(0, 20 * MILLI, () -> ran.add(1));
        wheel.schedule(0, 60_000 * MILLI, () -> ran.add(2));
        wheel.schedule(0, 7_200_000 * MILLI, () -> ran.add(3));
        wheel.advance(3_600_000 * MILLI, Runnable::run);

        assertThat(ran).containsExactlyInAnyOrder(1, 2);
    }
}
