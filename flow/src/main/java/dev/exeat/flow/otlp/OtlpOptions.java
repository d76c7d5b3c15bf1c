package dev.exeat.flow.otlp;

import java.net.URI;
import java.time.Duration;

/**
 * Where metrics go.
 *
 * @param endpoint of a collector, http or https, with its path, as {@code http://127.0.0.1:4318/v1/metrics}
 * @param interval from one export to the next, from a second
 */
public record OtlpOptions(URI endpoint, Duration interval) {}
