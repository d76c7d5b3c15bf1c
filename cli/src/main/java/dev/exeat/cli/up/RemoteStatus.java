package dev.exeat.cli.up;

import dev.exeat.control.remote.RemoteSource;
import dev.exeat.control.remote.RemoteState;
import dev.exeat.flow.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a gateway tells of the server whose objects it follows, if there is one. */
record RemoteStatus(@Nullable RemoteSource source, InstantSource clock) implements StatusPart {

    void show(Metrics metrics) {
        RemoteSource followed = source;
        if (followed != null) {
            metrics.showServer(
                    () -> followed.state().connected(),
                    () -> age(followed.state()).toSeconds());
        }
    }

    private Duration age(RemoteState state) {
        Duration age = Duration.between(state.confirmed(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Override
    public Stream<Map<String, ?>> pieces() {
        if (source == null) {
            return Stream.of();
        }
        RemoteState state = source.state();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("server", state.server().toString());
        fields.put("connected", state.connected());
        fields.put("confirmed", state.confirmed().toString());
        fields.put("age_seconds", age(state).toSeconds());
        fields.put("resource_version", state.resourceVersion());
        fields.put("from_disk", state.kept());
        if (!state.problem().isEmpty()) {
            fields.put("problem", state.problem());
        }
        return Stream.of(Map.of("follows", fields));
    }
}
