package dev.exeat.control.local;

import java.util.Map;
import java.util.stream.Stream;

/** Answers one kind of question that a command on this machine asks. Called on a thread of its own; may block. */
@FunctionalInterface
public interface ControlCommand {
    /**
     * The answer, object by object.
     *
     * @param arguments what the caller gave beside the command's name
     * @throws IllegalArgumentException if an argument is missing or wrong; the message is for people
     */
    Stream<Map<String, ?>> answer(Map<String, String> arguments);
}
