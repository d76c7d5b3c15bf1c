package dev.exeat.bench.machine;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;

/** What every process of the benchmark itself sets up first. */
public final class OwnProcess {
    private OwnProcess() {}

    /** Only warnings are logged: what is logged costs time. */
    public static void quiet() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    }

    /** Standard output for answers alone; whatever else is printed goes to standard error. */
    public static PrintStream answers() {
        PrintStream answers = System.out;
        System.setOut(System.err);
        quiet();
        return answers;
    }
}
