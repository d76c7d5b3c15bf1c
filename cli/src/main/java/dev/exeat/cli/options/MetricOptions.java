package dev.exeat.cli.options;

import dev.exeat.cli.settings.MetricSettings;
import dev.exeat.flow.SeriesOptions;
import dev.exeat.flow.otlp.OtlpOptions;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of which metrics a gateway has. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class MetricOptions {
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metrics-top",
            paramLabel = "K",
            defaultValue = "100",
            description = "Have metrics of the K identities and the K hosts with most connections, to 1000; all others"
                    + " together are \"other\"; 0 for no such metrics (${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--istio-metrics",
            description = "Have Istio's metrics istio_tcp_* too, of the K pairs of identity and host with most"
                    + " connections.")
    private boolean istio;

    @Option(
            names = "--otlp-metrics",
            paramLabel = "URL",
            converter = CollectorUrlConverter.class,
            description = "Send all metrics to a collector, by OTLP in protobuf over HTTP; without a path it is"
                    + " /v1/metrics (off).")
    private @Nullable URI otlp;

    @Option(
            names = "--otlp-metrics-interval",
            paramLabel = "T",
            defaultValue = "60s",
            description = "How often, from 1s (${DEFAULT-VALUE}).")
    private Duration interval;

    MetricSettings settings() {
        if (top < 0 || top > SeriesOptions.MOST) {
            throw new ParameterException(
                    command.commandLine(), "--metrics-top takes a number from 0 to " + SeriesOptions.MOST);
        }
        if (istio && top == 0) {
            throw new ParameterException(
                    command.commandLine(), "--istio-metrics needs a --metrics-top above 0, which bounds them");
        }
        if (interval.compareTo(SHORTEST) < 0) {
            throw new ParameterException(command.commandLine(), "--otlp-metrics-interval takes a duration from 1s");
        }
        return new MetricSettings(new SeriesOptions(top, istio), otlp == null ? null : new OtlpOptions(otlp, interval));
    }
}
