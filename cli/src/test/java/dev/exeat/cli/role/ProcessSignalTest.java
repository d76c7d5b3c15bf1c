package dev.exeat.cli.role;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProcessSignalTest {

    @Test
    void hears_a_signal_that_the_kernel_delivers() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        ProcessSignal.handle("WINCH", heard::incrementAndGet);

        new ProcessBuilder(
                        "kill", "-WINCH", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();

        await().until(() -> heard.get() > 0);
    }
}
