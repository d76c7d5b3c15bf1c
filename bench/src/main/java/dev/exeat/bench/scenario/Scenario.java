package dev.exeat.bench.scenario;

import dev.exeat.bench.result.Metric;
import java.util.List;

/** A question that the benchmark answers. Immutable. */
public sealed interface Scenario
        permits LoadScenario, AddedLatency, FirstOctet, IdleMemory, StartUp, Decisions, Reload {
    /** Short, for the command line and the result file. */
    String id();

    /** For people. */
    String title();

    List<Metric> metrics();

    /** Finds the answer and puts it down. */
    void run(Stand stand, Findings findings);
}
