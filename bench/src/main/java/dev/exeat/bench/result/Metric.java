package dev.exeat.bench.result;

/**
 * What is counted in a scenario.
 *
 * @param id within the scenario
 * @param title for people, as in {@code CPU per connection}
 * @param unit as in {@code µs}
 * @param lowerIsBetter whether a smaller figure is the better one
 */
public record Metric(String id, String title, String unit, boolean lowerIsBetter) {
    public static final Metric CPU = new Metric("cpu", "CPU per operation", "µs", true);
    public static final Metric CPU_PER_GIGABYTE = new Metric("cpu", "CPU per GB", "s", true);
    public static final Metric OPERATIONS = new Metric("ops", "operations per second", "/s", false);
    public static final Metric GIGABYTES = new Metric("rate", "throughput", "GB/s", false);
    public static final Metric P50 = new Metric("p50", "first answer, p50", "µs", true);
    public static final Metric P99 = new Metric("p99", "first answer, p99", "µs", true);
    public static final Metric ADDED_P50 = new Metric("added-p50", "added to the first answer, p50", "µs", true);
    public static final Metric ADDED_P99 = new Metric("added-p99", "added to the first answer, p99", "µs", true);
    public static final Metric RESUMED = new Metric("resumed", "resumed", "%", false);
}
