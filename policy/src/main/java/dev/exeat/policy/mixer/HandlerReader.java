package dev.exeat.policy.mixer;

import dev.exeat.model.LogEntry;
import dev.exeat.policy.EntryType;
import dev.exeat.policy.StatusCode;
import dev.exeat.policy.manifest.Field;
import dev.exeat.policy.manifest.Fields;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of handlers. What is wrong is reported; the object is then refused as a whole. */
final class HandlerReader {
    private static final Map<String, Integer> STREAMS = Map.of("STDOUT", 0, "STDERR", 1, "FILE", 2, "ROTATED_FILE", 3);
    private static final Map<String, Integer> LEVELS = Map.of("INFO", 0, "WARNING", 1, "ERROR", 2);
    private static final int DEFAULT_MEGABYTES = 100;
    private static final int DEFAULT_DAYS = 30;
    private static final int DEFAULT_FILES = 1000;

    private HandlerReader() {}

    /** @param params the parameters, or null where the object has none */
    static HandlerConfig read(Adapter adapter, @Nullable Fields params, Fields owner) {
        return switch (adapter) {
            case STDIO -> params == null ? stdio(empty(owner)) : stdio(params);
            case LISTCHECKER -> ListReader.read(params == null ? empty(owner) : params);
            case DENIER -> params == null ? new HandlerConfig.Deny(StatusCode.FAILED_PRECONDITION, "") : denier(params);
            default -> {
                owner.findings()
                        .warning(
                                "no-effect",
                                owner.place(),
                                "",
                                "the adapter \"" + adapter.code() + "\" has no effect here"
                                        + (adapter.use() == Adapter.Use.UNABLE
                                                ? "; a rule that asks it for a check denies what the rule matches"
                                                : ""),
                                "");
                yield new HandlerConfig.None();
            }
        };
    }

    private static Fields empty(Fields owner) {
        return new Fields(new dev.exeat.model.Node.Mapping(Map.of(), Map.of(), owner.place()), "", owner.findings());
    }

    private static HandlerConfig stdio(Fields params) {
        String stream = params.enumerated("log_stream", STREAMS, "STDOUT");
        Map<String, LogEntry.Level> levels = defaultLevels();
        params.entries("severity_levels").forEach((severity, field) -> {
            String level = params.enumerated(field, LEVELS);
            if (level != null) {
                levels.put(severity, level(level));
            }
        });
        LogEntry.Level metricLevel = level(params.enumerated("metric_level", LEVELS, "INFO"));
        boolean json = params.bool("output_as_json", true);
        LogEntry.Level least = level(params.enumerated("output_level", LEVELS, "INFO"));
        String path = params.text("output_path");
        boolean toFile = stream.equals("FILE") || stream.equals("ROTATED_FILE");
        checkPath(params, path == null ? "" : path, toFile);
        LogEntry.Stream target = new LogEntry.Stream(
                LogEntry.Stream.Target.valueOf(stream),
                path == null ? "" : path,
                json,
                positive(params, "max_megabytes_before_rotation", DEFAULT_MEGABYTES),
                positive(params, "max_days_before_rotation", DEFAULT_DAYS),
                positive(params, "max_rotated_files", DEFAULT_FILES));
        params.done();
        return new HandlerConfig.Stdio(target, levels, metricLevel, least);
    }

    private static void checkPath(Fields params, String path, boolean toFile) {
        if (toFile && path.isEmpty()) {
            params.findings()
                    .error(
                            "invalid-value",
                            params.place("output_path"),
                            params.path("outputPath"),
                            "need a valid output path when using a FILE or ROTATED_FILE log stream",
                            "add outputPath");
        } else if (!toFile && !path.isEmpty()) {
            params.findings()
                    .error(
                            "invalid-value",
                            params.place("output_path"),
                            params.path("outputPath"),
                            "cannot specify an output path when using a STDOUT or STDERR log stream",
                            "remove outputPath, or set logStream: FILE");
        }
    }

    private static int positive(Fields params, String name, int absent) {
        long value = params.number(name, absent);
        if (value < 0 || value > Integer.MAX_VALUE) {
            params.findings()
                    .error(
                            "invalid-value",
                            params.place(name),
                            params.path(name),
                            "the number must be from 0 to " + Integer.MAX_VALUE,
                            "");
            return absent;
        }
        return (int) value;
    }

    private static Map<String, LogEntry.Level> defaultLevels() {
        Map<String, LogEntry.Level> levels = new HashMap<>();
        for (String spelling : new String[] {"INFORMATIONAL", "informational", "INFO", "info"}) {
            levels.put(spelling, LogEntry.Level.INFO);
        }
        for (String spelling : new String[] {"WARNING", "warning", "WARN", "warn"}) {
            levels.put(spelling, LogEntry.Level.WARN);
        }
        for (String spelling : new String[] {"ERROR", "error", "ERR", "err", "FATAL", "fatal"}) {
            levels.put(spelling, LogEntry.Level.ERROR);
        }
        return levels;
    }

    private static LogEntry.Level level(String name) {
        return name.equals("WARNING") ? LogEntry.Level.WARN : LogEntry.Level.valueOf(name);
    }

    private static HandlerConfig denier(Fields params) {
        StatusCode code = StatusCode.FAILED_PRECONDITION;
        String message = "";
        Fields status = params.mapping("status");
        if (status != null) {
            long number = status.number("code", 0);
            StatusCode known = StatusCode.of(number);
            Field field = status.find("code");
            if (known == null && field != null) {
                params.findings()
                        .error(
                                "unknown-value",
                                field.place(),
                                field.path(),
                                "unknown status code " + number,
                                "use a number of google.rpc.Code from 0 to 16, for example 7 (PERMISSION_DENIED)");
            }
            code = known == null ? code : known;
            String text = status.text("message");
            message = text == null ? "" : text;
            status.accept("details");
            status.done();
        }
        params.duration("valid_duration", java.time.Duration.ofSeconds(5));
        params.number("valid_use_count", 1000);
        params.done();
        return new HandlerConfig.Deny(code, message);
    }

    /** The numbers of {@link EntryType} in Mixer's API. */
    static final Map<String, Integer> ENTRY_TYPES =
            Map.of("STRINGS", 0, "CASE_INSENSITIVE_STRINGS", 1, "IP_ADDRESSES", 2, "REGEX", 3);
}
