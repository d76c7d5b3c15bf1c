package dev.exeat.cli.cases;

/**
 * What became of one case.
 *
 * @param difference what is not as expected; empty where all is
 * @param nanos how long the decision took
 */
record CaseResult(Expectation expectation, String difference, long nanos) {
    boolean passed() {
        return difference.isEmpty();
    }
}
