package dev.exeat.cli.lab;

import dev.exeat.net.PseudoTerminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program in a terminal of its own. */
final class TerminalCommand extends ProcessCommand {
    /** A leader of a new session that opens a terminal gets it as its controlling one. */
    private static final List<String> IN_TERMINAL =
            List.of("setsid", "-w", "/bin/sh", "-c", "exec \"$@\" <>\"$0\" >&0 2>&0");

    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private final PseudoTerminal terminal;

    private TerminalCommand(Process process, PseudoTerminal terminal) {
        super(process);
        this.terminal = terminal;
    }

    static TerminalCommand start(List<String> words, Map<String, String> environment, Path directory)
            throws IOException {
        PseudoTerminal terminal = PseudoTerminal.open();
        try {
            terminal.resize(COLUMNS, ROWS);
            List<String> all = new ArrayList<>(found(IN_TERMINAL, environment));
            all.add(terminal.path());
            all.addAll(words);
            Process process = builder(all, environment, directory)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            TerminalCommand command = new TerminalCommand(process, terminal);
            process.getOutputStream().close();
            return command;
        } catch (IOException e) {
            terminal.close();
            throw e;
        }
    }

    @Override
    public int readOutput(byte[] buffer) {
        return terminal.read(buffer);
    }

    @Override
    public int readError(byte[] buffer) {
        return -1;
    }

    @Override
    public void write(byte[] input) {
        terminal.write(input);
    }

    @Override
    public void endInput() {
        // Who types into a terminal ends it with a character.
    }

    @Override
    public void resize(int columns, int rows) {
        terminal.resize(columns, rows);
    }

    @Override
    public void finish() {
        terminal.finish();
    }

    /** Hangs up too, which is how a terminal tells its programs. */
    @Override
    public void kill() {
        super.kill();
        terminal.close();
    }
}
