package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventTextsTest {
    private final EventTexts texts = new EventTexts();

    private static ObjectNode object(String name) {
        return JsonMapper.shared().createObjectNode().put("name", name);
    }

    private String text(long version, String type, ObjectNode object) {
        return new String(texts.of(version, type, object), StandardCharsets.UTF_8);
    }

    @Test
    void writes_an_event_once_for_all() {
        ObjectNode one = object("one");
        assertThat(texts.of(7, "ADDED", one)).isSameAs(texts.of(7, "ADDED", one));
        assertThat(text(7, "ADDED", one)).isEqualTo("{\"type\":\"ADDED\",\"object\":{\"name\":\"one\"}}");
    }

    @Test
    void tells_apart_what_is_of_one_version() {
        ObjectNode one = object("one");
        assertThat(text(7, "ADDED", one)).contains("ADDED");
        assertThat(text(7, "MODIFIED", one)).contains("MODIFIED");
        assertThat(text(7, "MODIFIED", object("other"))).contains("other");
        assertThat(text(7 + 64, "MODIFIED", object("late"))).contains("late");
    }

    @Test
    void keeps_no_long_text() {
        ObjectNode big = object("x".repeat(20_000));
        assertThat(texts.of(1, "ADDED", big))
                .isNotSameAs(texts.of(1, "ADDED", big))
                .hasSizeGreaterThan(20_000);
    }
}
