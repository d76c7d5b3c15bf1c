package dev.exeat.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Where the program reads and prints, and whether colours are welcome there.
 *
 * @param colouredOut whether a person looks at standard output and wants colours
 * @param colouredErr the same of standard error
 */
public record Console(InputStream in, PrintStream out, PrintStream err, boolean colouredOut, boolean colouredErr) {
    private static final String TERMINAL_OUT = "exeat.terminal.out";
    private static final String TERMINAL_ERR = "exeat.terminal.err";

    /**
     * Colours on a terminal, unless {@code --no-color}, {@code NO_COLOR} (no-color.org) or {@code TERM=dumb} says no.
     * The launcher says which streams are terminals, because the JDK can tell of both together only.
     */
    static Console of(
            InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, List<String> arguments) {
        boolean refused = arguments.contains("--no-color")
                || !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || !environment.getOrDefault("EXEAT_NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Console(
                in,
                out,
                err,
                !refused && Boolean.getBoolean(TERMINAL_OUT),
                !refused && Boolean.getBoolean(TERMINAL_ERR));
    }
}
