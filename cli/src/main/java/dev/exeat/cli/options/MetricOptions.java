package dev.exeat.cli.options;

import dev.exeat.cli.settings.MetricSettings;
import dev.exeat.flow.SeriesOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of which metrics a gateway has. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class MetricOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--metrics-top",
            paramLabel = "K",
            defaultValue = "100",
            description = "Have metrics of the K identities and the K hosts with most connections, to 10000; all others"
                    + " together are \"other\"; 0 for no such metrics (${DEFAULT-VALUE}).")
    private int top;

    @Option(
            names = "--istio-metrics",
            description = "Have Istio's metrics istio_tcp_* too, of the K pairs of identity and host with most"
                    + " connections.")
    private boolean istio;

    MetricSettings settings() {
        if (top < 0 || top > SeriesOptions.MOST) {
            throw new ParameterException(
                    command.commandLine(), "--metrics-top takes a number from 0 to " + SeriesOptions.MOST);
        }
        if (istio && top == 0) {
            throw new ParameterException(
                    command.commandLine(), "--istio-metrics needs a --metrics-top above 0, which bounds them");
        }
        return new MetricSettings(new SeriesOptions(top, istio));
    }
}
