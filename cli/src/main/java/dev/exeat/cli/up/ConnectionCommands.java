package dev.exeat.cli.up;

import dev.exeat.control.local.ControlCommand;
import dev.exeat.flow.LimitUse;
import dev.exeat.model.HostPattern;
import dev.exeat.proxy.ConnectionChoice;
import dev.exeat.proxy.LimitsInUse;
import dev.exeat.proxy.LiveConnection;
import dev.exeat.proxy.LiveConnections;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers {@code exeat conn}. */
final class ConnectionCommands {
    private static final int USERS = 20;

    private final LiveConnections live;
    private final LimitsInUse limits;

    ConnectionCommands(LiveConnections live, LimitsInUse limits) {
        this.live = live;
        this.limits = limits;
    }

    Map<String, ControlCommand> all() {
        return Map.of(
                "connections",
                this::list,
                "kill",
                this::kill,
                "limits",
                _ -> limits.users(USERS).stream().map(ConnectionCommands::fields));
    }

    private static Map<String, ?> fields(LimitUse use) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("limit", use.limit().option());
        fields.put("who", use.who());
        fields.put("used", use.used());
        fields.put("most", use.most());
        return fields;
    }

    private Stream<Map<String, ?>> list(Map<String, String> arguments) {
        return live.list(choice(arguments)).stream().map(ConnectionCommands::fields);
    }

    /** An object for each that is asked for by its id, or else for each that was found. */
    private Stream<Map<String, ?>> kill(Map<String, String> arguments) {
        ConnectionChoice choice = choice(arguments);
        if (choice.equals(ConnectionChoice.ALL)) {
            throw new IllegalArgumentException("kill needs the ids of connections, or a filter");
        }
        Set<String> killed = new LinkedHashSet<>(live.kill(choice));
        Set<String> asked = ids(arguments);
        return (asked.isEmpty() ? killed : asked).stream().map(id -> Map.of("id", id, "killed", killed.contains(id)));
    }

    private static ConnectionChoice choice(Map<String, String> arguments) {
        String host = arguments.get("host");
        return new ConnectionChoice(
                ids(arguments),
                arguments.get("identity"),
                host == null ? null : HostPattern.parse(host),
                arguments.get("rule"));
    }

    private static Set<String> ids(Map<String, String> arguments) {
        Set<String> ids =
                new LinkedHashSet<>(List.of(arguments.getOrDefault("ids", "").split(" ")));
        ids.remove("");
        return ids;
    }

    /** In the words of the record. */
    private static Map<String, ?> fields(LiveConnection connection) {
        Map<String, Object> fields = new LinkedHashMap<>();
        var arrival = connection.arrival();
        fields.put("id", arrival.id());
        fields.put("listener", arrival.listener().code());
        fields.put("mode", arrival.mode().code());
        put(fields, "identity", arrival.identity());
        fields.put("source_address", arrival.sourceAddress().toString());
        fields.put("source_port", connection.sourcePort());
        fields.put("stage", connection.stage());
        if (connection.target() != null) {
            fields.put("host", connection.target().host().value());
            fields.put("port", connection.target().port());
        }
        if (connection.dialled() != null) {
            fields.put(
                    "dialled_address",
                    connection.dialled().getAddress().getHostAddress() + ":"
                            + connection.dialled().getPort());
        }
        put(fields, "rule", connection.rule());
        fields.put("policy_digest", connection.digest());
        fields.put("started", connection.started().toString());
        fields.put("age_ms", millis(connection.age()));
        fields.put("idle_ms", millis(connection.idle()));
        fields.put("bytes_received", connection.received());
        fields.put("bytes_sent", connection.sent());
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }

    private static long millis(Duration duration) {
        return duration.toMillis();
    }
}
