package dev.exeat.cli;

import dev.exeat.cli.options.EnrolmentOptions;
import dev.exeat.cli.settings.Enrolment;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.ServerSvidSource;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidFiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code exeat svid}. */
@Command(name = "svid", synopsisSubcommandLabel = "COMMAND", description = "Get certificates of service accounts.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class SvidCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "which command? There is 'exeat svid fetch'");
    }

    /** {@code exeat svid fetch}. */
    @Command(
            name = "fetch",
            description = "Make a key, have it certified by an 'exeat up', and write svid.pem, key.pem and bundle.pem.",
            footer = {
                "",
                "With these curl goes through the gateway without a workload proxy:",
                "  curl --proxy https://GATEWAY --proxy-cert DIR/svid.pem --proxy-key DIR/key.pem \\",
                "       --proxy-cacert DIR/bundle.pem https://en.wikipedia.org"
            })
    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    static final class Fetch implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Mixin
        private EnrolmentOptions enrolment;

        @Option(
                names = "--out",
                paramLabel = "DIR",
                required = true,
                description = "The directory to write to; it is made where it is missing.")
        private Path out;

        @Override
        public Integer call() {
            Enrolment with = enrolment.settings();
            ServerSvidOptions options = new ServerSvidOptions(with.server(), with.caFile(), with.tokenFile());
            try (ServerSvidSource source =
                    ServerSvidSource.open(options, InstantSource.system(), ServerSvidSource.SELDOM, Duration.ZERO)) {
                Svid svid = source.svid();
                SvidFiles.write(out, svid, source.bundle());
                PrintWriter print = command.commandLine().getOut();
                print.println(svid.id() + ", until " + svid.notAfter() + ", in " + out);
            }
            return ExitCode.OK;
        }
    }
}
