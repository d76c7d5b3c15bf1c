package dev.exeat.flow;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The metrics of a moment as a scrape gets them. */
public record Exposition(String contentType, byte[] body) {
    private static final int SIZE = 32 * 1024;
    private static final String PROTOBUF = "application/vnd.google.protobuf";
    private static final String FAMILY = "proto=io.prometheus.client.MetricFamily";
    private static final String OPEN_METRICS = "application/openmetrics-text";

    /** Says on standard error that it does without sun.misc.Unsafe; held, because the logging of Java forgets it else. */
    private static final Logger LIBRARY = Logger.getLogger("io.prometheus.metrics.shaded");

    /**
     * In the first of protobuf, OpenMetrics and Prometheus' text that the peer takes; who takes none of them gets text.
     *
     * @param accept the header of the request, empty for none
     */
    static Exposition of(MetricSnapshots metrics, String accept) {
        ExpositionFormatWriter writer = writer(accept);
        ByteArrayOutputStream out = new ByteArrayOutputStream(SIZE);
        try {
            writer.write(out, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(writer.getContentType(), out.toByteArray());
    }

    /** Names no class of a format that nobody asks for: those of protobuf are many. */
    private static ExpositionFormatWriter writer(String accept) {
        if (accept.contains(PROTOBUF) && accept.contains(FAMILY)) {
            LIBRARY.setLevel(Level.OFF);
            return new PrometheusProtobufWriter();
        }
        return accept.contains(OPEN_METRICS)
                ? OpenMetricsTextFormatWriter.create()
                : PrometheusTextFormatWriter.create();
    }
}
