package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import dev.exeat.cli.settings.DnsSettings;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options that bound what name servers may answer. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class DnsOptions {
    private static final int LEAST_SIZE = 512;
    private static final int MOST_SIZE = 65_535;
    private static final int MOST_RECORDS = 1024;
    private static final int MOST_CNAMES = 64;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--dns-timeout",
            paramLabel = "T",
            defaultValue = "5s",
            description = "From the question to the addresses of a name, all servers and retries (${DEFAULT-VALUE}).")
    private Duration timeout;

    @Option(
            names = "--dns-max-size",
            paramLabel = "SIZE",
            defaultValue = "16K",
            description = "Largest answer of a name server, 512 to 65535 (${DEFAULT-VALUE}).")
    private Octets maxSize;

    @Option(
            names = "--dns-max-records",
            paramLabel = "N",
            defaultValue = "256",
            description = "Most records of an answer, to 1024 (${DEFAULT-VALUE}).")
    private int maxRecords;

    @Option(
            names = "--dns-max-cnames",
            paramLabel = "N",
            defaultValue = "8",
            description = "Longest chain of CNAME records, to 64 (${DEFAULT-VALUE}).")
    private int maxCnames;

    DnsSettings settings() {
        if (timeout.isZero()) {
            throw wrong("--dns-timeout is more than 0");
        }
        within("--dns-max-size", (int) Math.min(maxSize.count(), Integer.MAX_VALUE), LEAST_SIZE, MOST_SIZE);
        within("--dns-max-records", maxRecords, 1, MOST_RECORDS);
        within("--dns-max-cnames", maxCnames, 1, MOST_CNAMES);
        return new DnsSettings(timeout, maxSize.asInt(), maxRecords, maxCnames);
    }

    private void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(option + " is " + least + " to " + most);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
