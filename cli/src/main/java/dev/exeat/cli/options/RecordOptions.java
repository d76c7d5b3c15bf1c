package dev.exeat.cli.options;

import dev.exeat.cli.options.SizeConverter.Octets;
import dev.exeat.cli.settings.HistoryPlace;
import dev.exeat.cli.settings.HistorySettings;
import dev.exeat.cli.settings.RecordSettings;
import dev.exeat.cli.settings.SharedHistory;
import dev.exeat.flow.Rotation;
import dev.exeat.flow.log.LogChoice;
import dev.exeat.flow.log.LogOptions;
import dev.exeat.flow.log.LogTarget;
import dev.exeat.flow.log.OnLogFull;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.flow.store.PostgresAddress;
import dev.exeat.flow.store.Retention;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of what a gateway writes down of its connections. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
public final class RecordOptions {
    private static final long LEAST_OCTETS = 16L << 20;
    private static final long LEAST_QUEUE = 64L << 10;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--record-log",
            paramLabel = "F|-",
            description = "Append one JSON record per connection to this file, or to standard output;"
                    + " as --log-profile native=F does.")
    private @Nullable String recordLog;

    @Option(
            names = "--log-profile",
            paramLabel = "PROFILE=SINK",
            split = ",",
            converter = LogChoiceConverter.class,
            description = "Write every connection in the form PROFILE to SINK. PROFILE: mixer, native, istio,"
                    + " smokescreen, ecs, otel. SINK: -, a file, sealed:DIR, syslog:unix:PATH, syslog:udp://HOST:PORT,"
                    + " syslog:tcp://HOST:PORT, otlp:http://HOST:PORT. Repeatable.")
    private List<LogChoice> profiles = List.of();

    @Option(
            names = "--record-log-size",
            paramLabel = "SIZE",
            defaultValue = "0",
            description = "Set files of --record-log and --log-profile aside before they pass this size; 0 for never"
                    + " (${DEFAULT-VALUE}).")
    private Octets logSize;

    @Option(
            names = "--record-log-period",
            paramLabel = "T",
            defaultValue = "0",
            description = "Set them aside when their first line is so old; 0 for never (${DEFAULT-VALUE}).")
    private Duration logPeriod;

    @Option(
            names = "--record-log-age",
            paramLabel = "T",
            defaultValue = "0",
            description = "Delete files set aside when they are so old; 0 for never (${DEFAULT-VALUE}).")
    private Duration logAge;

    @Option(
            names = "--record-log-files",
            paramLabel = "N",
            defaultValue = "0",
            description = "Keep the newest N files set aside; 0 for all (${DEFAULT-VALUE}).")
    private int logFiles;

    @Option(
            names = "--log-queue",
            paramLabel = "SIZE",
            defaultValue = "16M",
            description = "How much may wait for each of these logs, from 64K (${DEFAULT-VALUE}).")
    private Octets queue;

    @Option(
            names = "--on-log-full",
            paramLabel = "drop|block",
            defaultValue = "drop",
            description =
                    "When a log does not take its lines: drop: carry on, drop and count them; block: take and carry"
                            + " no new connection until there is room (${DEFAULT-VALUE}).")
    private OnLogFull onFull;

    @Option(
            names = "--history",
            paramLabel = "on|off|URL",
            defaultValue = "on",
            converter = HistoryConverter.class,
            description =
                    "Keep the records of connections in DATA_DIR/flows.db, where exeat observe and exeat replay find"
                            + " them; or in PostgreSQL, for several gateways: postgresql://USER@HOST/DATABASE"
                            + " (${DEFAULT-VALUE}).")
    private HistoryPlace history;

    @Option(
            names = "--history-password-file",
            paramLabel = "FILE",
            description = "The password for the database of --history ($PGPASSWORD).")
    private @Nullable Path historyPassword;

    @Option(
            names = "--history-age",
            paramLabel = "T",
            defaultValue = "7d",
            description = "How long the history keeps single records (${DEFAULT-VALUE}).")
    private Duration age;

    @Option(
            names = "--history-sums-age",
            paramLabel = "T",
            defaultValue = "90d",
            description = "How long it keeps the sums of each minute (${DEFAULT-VALUE}).")
    private Duration sumsAge;

    @Option(
            names = "--history-size",
            paramLabel = "SIZE",
            defaultValue = "1G",
            description = "How large it may grow, from 16M; the oldest records go first (${DEFAULT-VALUE}).")
    private Octets size;

    private Rotation rotation() {
        if (logFiles < 0) {
            throw new ParameterException(command.commandLine(), "--record-log-files takes a number from 0");
        }
        return new Rotation(logSize.count(), logAge, logFiles, logPeriod);
    }

    RecordSettings settings(Map<String, String> environment) {
        if (size.count() < LEAST_OCTETS) {
            throw new ParameterException(
                    command.commandLine(), "--history-size " + size.count() + " is too small; it takes 16M or more");
        }
        return new RecordSettings(logs(), history(new Retention(age, sumsAge, size.count()), environment));
    }

    private @Nullable HistorySettings history(Retention retention, Map<String, String> environment) {
        return switch (history) {
            case HistoryPlace.Off _ -> null;
            case HistoryPlace.Local _ -> new HistorySettings(retention, null);
            case HistoryPlace.Shared(PostgresAddress address) ->
                new HistorySettings(retention, SharedHistory.of(address, historyPassword, environment));
        };
    }

    private LogOptions logs() {
        if (queue.count() < LEAST_QUEUE) {
            throw new ParameterException(
                    command.commandLine(), "--log-queue " + queue.count() + " is too small; it takes 64K or more");
        }
        List<LogChoice> all = new ArrayList<>(profiles);
        if (recordLog != null) {
            all.addFirst(records(recordLog));
        }
        Map<Object, LogChoice> byPlace = new HashMap<>();
        for (LogChoice choice : all) {
            LogChoice other = byPlace.putIfAbsent(place(choice.target()), choice);
            if (other != null) {
                throw new ParameterException(
                        command.commandLine(),
                        "two logs can't share a sink, as " + other.name() + " and " + choice.name()
                                + " do; give each --log-profile one of its own");
            }
        }
        return new LogOptions(all, rotation(), queue.count(), onFull);
    }

    /** The same for targets that are the same, however they are written. */
    private static Object place(LogTarget target) {
        return switch (target) {
            case LogTarget.File(Path path) -> path.toAbsolutePath().normalize();
            case LogTarget.Sealed(Path directory) -> directory.toAbsolutePath().normalize();
            case LogTarget.SyslogSocket(Path path) -> path.toAbsolutePath().normalize();
            case LogTarget.StandardOutput _, LogTarget.SyslogUdp _, LogTarget.SyslogTcp _, LogTarget.Collector _ ->
                target;
        };
    }

    private LogChoice records(String file) {
        LogTarget target = file.equals("-") ? new LogTarget.StandardOutput() : new LogTarget.File(Path.of(file));
        return new LogChoice(LogChoice.RECORDS, LogProfile.NATIVE, target);
    }
}
