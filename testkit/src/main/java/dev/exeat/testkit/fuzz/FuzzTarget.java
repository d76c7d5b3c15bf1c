package dev.exeat.testkit.fuzz;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A parser and what must hold of it for every input. Called on one thread; keeps nothing from one input to the next
 * that would change a verdict, so that an input alone reproduces a finding.
 */
public interface FuzzTarget {
    /** Names the folder of seeds, {@code fuzz/NAME} among the test resources. */
    String name();

    /**
     * Feeds one input, and throws anything at all if what must hold doesn't.
     *
     * @return what came of it in words. An input with a new answer (numbers and what stands in double quotes aside)
     *     becomes a seed of further ones, so an answer should name the exit that the parser took
     */
    String feed(byte[] input) throws Exception;

    /** Seeds that code makes, beside those in files. */
    default List<byte[]> seeds() {
        return List.of();
    }

    /** Words of the input's language, to be put in. */
    default List<String> words() {
        return List.of();
    }

    /** The same as octets, in UTF-8 unless the language is another. */
    default List<byte[]> tokens() {
        return words().stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Another input made of this one. A target that knows its grammar mutates parts and mends what holds them. */
    default byte[] mutate(byte[] input, Mutator mutator) {
        return mutator.mutate(input);
    }

    /** The longest input that is made. */
    default int maxLength() {
        return 8 * 1024;
    }

    /** How much processor time one input may take; generous, because compilers and collectors share the processor. */
    default Duration maxTime() {
        return Duration.ofSeconds(5);
    }

    /** How many octets may be allocated for an input of this length, oracle included. */
    default long maxAllocated(int length) {
        return 4L * 1024 * 1024 + 4096L * length;
    }
}
