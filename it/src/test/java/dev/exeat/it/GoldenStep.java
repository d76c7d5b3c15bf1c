package dev.exeat.it;

import java.util.ArrayList;
import java.util.List;

/**
 * A command of the list.
 *
 * @param line the command without kubectl, as the list has it
 * @param always whether it is run with every kubectl in short runs too
 */
record GoldenStep(String line, String input, boolean always) {
    private static final String EACH = "$+ ";

    static List<GoldenStep> all(String list) {
        List<GoldenStep> steps = new ArrayList<>();
        String command = null;
        StringBuilder input = new StringBuilder();
        for (String line : (list + "\n#").lines().toList()) {
            if (line.startsWith("$ ") || line.startsWith(EACH) || line.startsWith("#")) {
                if (command != null) {
                    boolean always = command.startsWith(EACH);
                    steps.add(new GoldenStep(command.substring(command.indexOf(' ') + 1), input.toString(), always));
                }
                command = line.startsWith("#") ? null : line;
                input.setLength(0);
            } else if (command != null) {
                input.append(line).append('\n');
            }
        }
        return steps;
    }

    /** The words of the command, with single quotes as a shell has them. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (char c : (line + " ").toCharArray()) {
            if (c == '\'') {
                quoted = !quoted;
            } else if (c == ' ' && !quoted) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                word.append(c);
            }
        }
        return words;
    }

    /** Whether it only looks, so that it may be asked again. */
    boolean reads() {
        return line.startsWith("get ") || line.startsWith("describe ") || line.startsWith("events ");
    }
}
