package dev.exeat.control.kube.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.control.kinds.KindCatalogue;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What an API server of Kubernetes answers to the same, on host sets. */
class FieldOwnersTest {
    private static final JsonNode SCHEMA = KindCatalogue.bundled()
            .find("exeat.dev", "v1alpha1", "hostsets")
            .orElseThrow()
            .versions()
            .getFirst()
            .schema();
    private static final ObjectNode NONE = object("{'metadata':{'name':'a'}}");

    private final FieldOwners owners = new FieldOwners(() -> Instant.EPOCH);

    private static ObjectNode object(String json) {
        return (ObjectNode) JsonMapper.shared().readTree(json.replace('\'', '"'));
    }

    private static Author author(String manager) {
        return new Author(manager, "exeat.dev/v1alpha1", "", true);
    }

    private ObjectNode apply(ObjectNode live, String manager, String spec, boolean force) {
        ObjectNode next = owners.apply(
                SCHEMA, live, object("{'metadata':{'name':'a'},'spec':" + spec + "}"), author(manager), force);
        next.withObject("/metadata").put("uid", "known");
        return next;
    }

    private static JsonNode fieldsOf(ObjectNode object, String manager) {
        return object.at("/metadata/managedFields")
                .valueStream()
                .filter(entry -> entry.path("manager").asString().equals(manager))
                .findFirst()
                .orElseThrow()
                .path("fieldsV1");
    }

    @Test
    void each_owns_what_it_applies_and_sets_are_joined() {
        ObjectNode one = apply(NONE, "one", "{'hosts':['a.test'],'description':'x'}", false);
        ObjectNode two = apply(one, "two", "{'hosts':['b.test']}", false);

        assertThat(two.at("/spec/hosts")).isEqualTo(JsonMapper.shared().readTree("[\"a.test\",\"b.test\"]"));
        assertThat(fieldsOf(two, "one"))
                .isEqualTo(object("{'f:spec':{'f:hosts':{'v:\\'a.test\\'':{}},'f:description':{}}}"));
        assertThat(fieldsOf(two, "two")).isEqualTo(object("{'f:spec':{'f:hosts':{'v:\\'b.test\\'':{}}}}"));
    }

    @Test
    void another_owners_field_is_a_conflict_unless_it_is_forced() {
        ObjectNode live = apply(NONE, "one", "{'hosts':['a.test'],'description':'x'}", false);

        assertThatThrownBy(() -> apply(live, "two", "{'description':'y'}", false))
                .hasMessage("Apply failed with 1 conflict: conflict with \"one\": .spec.description");
        ObjectNode forced = apply(live, "two", "{'description':'y'}", true);
        assertThat(forced.at("/spec/description").asString()).isEqualTo("y");
        assertThat(fieldsOf(forced, "one")).isEqualTo(object("{'f:spec':{'f:hosts':{'v:\\'a.test\\'':{}}}}"));
    }

    @Test
    void what_is_applied_no_more_goes_unless_somebody_else_owns_it() {
        ObjectNode live = apply(NONE, "one", "{'hosts':['a.test','b.test'],'description':'x'}", false);
        ObjectNode shared = apply(live, "two", "{'hosts':['b.test']}", false);
        ObjectNode less = apply(shared, "one", "{'hosts':['a.test']}", false);

        assertThat(less.path("spec")).isEqualTo(object("{'hosts':['a.test','b.test']}"));
    }

    @Test
    void an_update_owns_what_it_changes_with_the_objects_around_it() {
        ObjectNode created = object("{'metadata':{'name':'a','labels':{'l':'1'}},'spec':{'hosts':['a.test']}}");
        owners.update(SCHEMA, object("{}"), created, author("m"));

        assertThat(fieldsOf(created, "m"))
                .isEqualTo(object("{'f:metadata':{'f:labels':{'.':{},'f:l':{}}},"
                        + "'f:spec':{'.':{},'f:hosts':{'.':{},'v:\\'a.test\\'':{}}}}"));
    }

    @Test
    void applying_the_same_again_changes_nothing() {
        ObjectNode live = apply(NONE, "one", "{'hosts':['a.test']}", false);

        assertThat(apply(live, "one", "{'hosts':['a.test']}", false)).isEqualTo(live);
    }

    @Test
    void kubectl_takes_over_what_it_applied_itself_on_the_client() {
        String text = "{'metadata':{'name':'a','uid':'u','annotations':{"
                + "'kubectl.kubernetes.io/last-applied-configuration':'{\\\\'spec\\\\':{\\\\'description\\\\':\\\\'x\\\\'}}'}},"
                + "'spec':{'hosts':['a.test'],'description':'x'}}";
        ObjectNode live = (ObjectNode)
                JsonMapper.shared().readTree(text.replace("\\\\'", "\\\"").replace('\'', '"'));
        owners.update(SCHEMA, object("{}"), live, author("kubectl-client-side-apply"));

        ObjectNode applied = apply(live, "kubectl", "{'description':'y'}", false);

        assertThat(applied.at("/spec/description").asString()).isEqualTo("y");
        assertThat(applied.at("/metadata/annotations").toString()).contains("\\\"description\\\":\\\"y\\\"");
    }

    @Test
    void those_who_only_update_are_joined_when_they_are_too_many() {
        ObjectNode live = object("{'metadata':{'name':'a','labels':{'l':'0'}},'spec':{'hosts':['a.test']}}");
        owners.update(SCHEMA, object("{}"), live, author("first"));
        for (int i = 0; i < 30; i++) {
            ObjectNode next = live.deepCopy();
            next.withObject("/metadata/labels").put("l" + i, "x");
            owners.update(SCHEMA, live, next, author("m" + i));
            live = next;
        }

        assertThat(live.at("/metadata/managedFields").size()).isEqualTo(11);
    }
}
