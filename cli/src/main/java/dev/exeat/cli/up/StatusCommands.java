package dev.exeat.cli.up;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.control.local.ControlCommand;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.policy.egress.Deadline;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code exeat status}. */
final class StatusCommands {
    private final Configuration configuration;
    private final @Nullable ShadowPart shadow;
    private final StatusPart more;

    /**
     * @param shadow what looks on, or null
     * @param more what belongs to the role
     */
    StatusCommands(Configuration configuration, @Nullable ShadowPart shadow, StatusPart more) {
        this.shadow = shadow;
        this.configuration = configuration;
        this.more = more;
    }

    Map<String, ControlCommand> all() {
        return Map.of("status", _ -> status());
    }

    private Stream<Map<String, ?>> status() {
        ConfigurationState state = configuration.state();
        Configuration.Objects objects = configuration.objects();
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("policy_digest", state.snapshot().digest());
        head.put("since", state.since().toString());
        head.put("resource_version", state.resourceVersion());
        head.put("objects", state.snapshot().objects());
        head.put("rules", state.snapshot().rules());
        head.put("registry", objects.options().registry().name());
        head.put("enforcement", objects.options().enforcement().name().toLowerCase(Locale.ROOT));
        head.put("errors", state.errors());
        head.put("warnings", state.warnings());
        return Stream.of(
                        Stream.of(Map.of("policy", head)),
                        shadow == null ? Stream.<Map<String, ?>>of() : shadow.pieces(),
                        more.pieces(),
                        state.problems().stream().map(problem -> Map.of("problem", fields(problem))),
                        Deadline.of(objects.resources(), objects.options().rootNamespace()).stream()
                                .map(deadline -> Map.of("deadline", fields(deadline))),
                        new TreeMap<>(state.effects())
                                .entrySet().stream().map(effect -> Map.of("effect", fields(effect))))
                .flatMap(pieces -> pieces);
    }

    static Map<String, ?> fields(Problem problem) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", problem.isError() ? "error" : "warning");
        fields.put("code", problem.code());
        if (!problem.place().file().isEmpty()) {
            fields.put("place", problem.place().toString());
        }
        if (problem.object() != null) {
            fields.put("object", problem.object().toString());
        }
        if (!problem.field().isEmpty()) {
            fields.put("field", problem.field());
        }
        fields.put("message", problem.message());
        if (!problem.cure().isEmpty()) {
            fields.put("cure", problem.cure());
        }
        return fields;
    }

    private static Map<String, ?> fields(Deadline deadline) {
        return Map.of(
                "object", deadline.object().toString(),
                "until", deadline.until().toString(),
                "ends", deadline.audit() ? "audit" : "allowance");
    }

    private static Map<String, ?> fields(Map.Entry<ObjectKey, String> effect) {
        return Map.of("object", effect.getKey().toString(), "effect", effect.getValue());
    }
}
