package dev.exeat.cli.demo;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a command should come to.
 *
 * @param text for people
 */
record Expectation(String text, Predicate<CommandResult> holds) {

    static Expectation exitCode(int code, String meaning) {
        return new Expectation("exit code " + code + ", " + meaning, result -> result.exitCode() == code);
    }

    /** The titles of these sites, in this order, and nothing else; the real sites may change theirs, so only count them. */
    static Expectation titles(List<Site> sites, boolean online) {
        String names = sites.stream().map(Site::language).collect(Collectors.joining(", "));
        if (online) {
            return new Expectation(
                    "one title for each of " + names,
                    result -> result.lines().size() == sites.size()
                            && result.lines().stream().allMatch(line -> line.startsWith("<title>")));
        }
        return new Expectation(
                "the titles of " + names,
                result ->
                        result.lines().equals(sites.stream().map(Site::titleTag).toList()));
    }

    Expectation and(Expectation other) {
        return new Expectation(text + ", and " + other.text, result -> holds.test(result) && other.holds.test(result));
    }
}
