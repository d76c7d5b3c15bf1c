package dev.exeat.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFileTest {
    @Test
    void adds_the_times_of_the_process_and_of_its_children() {
        String stat = "77 (a) b) S 1 77 77 0 -1 4194560 9 9 0 0 100 20 3 4 20 0 1 0 5 6 7";

        assertThat(ProcFile.cpuNanos(stat)).isEqualTo(1_270_000_000L);
    }

    @Test
    void the_clock_of_this_process_runs() {
        long before = ProcFile.cpuNanos(ProcessHandle.current().pid());
        long until = System.nanoTime() + 60_000_000;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }

        assertThat(ProcFile.cpuNanos(ProcessHandle.current().pid()) - before).isPositive();
    }

    @Test
    void finds_resident_memory() {
        assertThat(ProcFile.residentOctets(List.of("Name:\tx", "VmRSS:\t  2048 kB")))
                .isEqualTo(2_097_152);
        assertThat(ProcFile.residentOctets(ProcessHandle.current().pid())).isGreaterThan(1_000_000);
    }

    @Test
    void a_process_that_is_gone_costs_nothing() {
        assertThat(ProcFile.cpuNanos(Integer.MAX_VALUE)).isZero();
        assertThat(ProcFile.residentOctets(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void cores_are_two_numbers() {
        assertThat(Cores.parse("1,0")).isEqualTo(new Cores(1, 0));
        assertThatThrownBy(() -> Cores.parse("1")).isInstanceOf(IllegalArgumentException.class);
    }
}
