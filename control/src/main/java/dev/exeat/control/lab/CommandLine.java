package dev.exeat.control.lab;

import java.util.List;
import java.util.Map;

/**
 * What is to be run.
 *
 * @param words the program first
 * @param environment beside the pod's own
 * @param terminal whether it runs in a terminal of its own, where standard error is the same as standard output
 */
public record CommandLine(List<String> words, Map<String, String> environment, boolean terminal) {
    public CommandLine {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }
}
