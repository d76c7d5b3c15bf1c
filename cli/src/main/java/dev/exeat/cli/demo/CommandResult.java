package dev.exeat.cli.demo;

import java.util.List;

/**
 * How a command ended.
 *
 * @param lines of standard output and standard error together
 */
record CommandResult(int exitCode, List<String> lines) {
    CommandResult {
        lines = List.copyOf(lines);
    }

    boolean mentions(String text) {
        return lines.stream().anyMatch(line -> line.contains(text));
    }
}
