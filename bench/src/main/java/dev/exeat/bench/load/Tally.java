package dev.exeat.bench.load;

/** Counts what happens during a job. Confined to one thread at a time. */
final class Tally {
    private final long began = System.nanoTime();
    private final Samples answers = new Samples();
    private final Samples lateness = new Samples();
    private long operations;
    private long errors;
    private String firstError = "";
    private long octets;
    private long resumed;

    void done() {
        operations++;
    }

    void failed(String detail) {
        if (errors == 0) {
            firstError = detail;
        }
        errors++;
    }

    void answeredAfter(long nanos) {
        answers.add(nanos);
    }

    void begunLate(long nanos) {
        lateness.add(nanos);
    }

    void received(long count) {
        octets += count;
    }

    void resumed() {
        resumed++;
    }

    long operations() {
        return operations;
    }

    long errors() {
        return errors;
    }

    Outcome outcome() {
        return new Outcome(
                operations,
                errors,
                firstError,
                octets,
                System.nanoTime() - began,
                answers.quantileMicros(0.5),
                answers.quantileMicros(0.99),
                lateness.quantileMicros(0.99),
                resumed);
    }
}
