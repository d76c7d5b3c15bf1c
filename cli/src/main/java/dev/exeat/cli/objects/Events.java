package dev.exeat.cli.objects;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events of a watch. */
final class Events {
    private Events() {}

    /** @throws ObjectException if the server says that the watch is over, or what it says cannot be read */
    static JsonNode read(String line) {
        JsonNode event;
        try {
            event = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw ObjectException.of("an event of the watch cannot be read: " + e.getOriginalMessage());
        }
        if (event.path("type").asString("").equals("ERROR")) {
            throw ObjectException.refused(event.path("object"));
        }
        return event;
    }
}
