package dev.exeat.cli.status;

import dev.exeat.cli.CommandFailure;
import dev.exeat.cli.ExitCode;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Waits until every live gateway has what the server had at the beginning. */
record GatewayWait(long resourceVersion) {

    /** @throws CommandFailure if the process that answered is no server */
    static GatewayWait begun(List<JsonNode> pieces) {
        for (JsonNode piece : pieces) {
            if (piece.has("server")) {
                return new GatewayWait(
                        piece.path("server").path("resource_version").asLong(0));
            }
        }
        throw new CommandFailure(
                ExitCode.UNKNOWN,
                "the process that answers is no 'exeat up' and knows no other gateways; wait with --data-dir of that one");
    }

    /** The names of those that do not. */
    List<String> behind(List<JsonNode> pieces) {
        List<String> behind = new ArrayList<>();
        for (JsonNode piece : pieces) {
            JsonNode gateway = piece.path("gateway");
            if (gateway.path("state").asString("").equals("live")
                    && gateway.path("resource_version").asLong(0) < resourceVersion) {
                behind.add(gateway.path("name").asString(""));
            }
        }
        return behind;
    }
}
