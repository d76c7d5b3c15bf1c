package dev.exeat.control.kube;

import dev.exeat.control.kube.ProtobufBody.Field;
import dev.exeat.control.kube.ProtobufBody.FieldType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which field of which kind has which number (the {@code generated.proto} of Kubernetes' API). */
final class ProtobufKinds {
    static final FieldType.Message TYPE_META = message(1, text("apiVersion"), 2, text("kind"));
    private static final FieldType.Message OBJECT_META = new FieldType.Message(Map.of(
            1, text("name"),
            2, text("generateName"),
            3, text("namespace"),
            11, new Field("labels", new FieldType.Texts()),
            12, new Field("annotations", new FieldType.Texts())));
    private static final Field METADATA = new Field("metadata", OBJECT_META);
    private static final Field RESOURCE_ATTRIBUTES = new Field(
            "resourceAttributes",
            new FieldType.Message(Map.of(
                    1, text("namespace"),
                    2, text("verb"),
                    3, text("group"),
                    4, text("version"),
                    5, text("resource"),
                    6, text("subresource"),
                    7, text("name"))));
    private static final Field PATH_ATTRIBUTES =
            new Field("nonResourceAttributes", message(1, text("path"), 2, text("verb")));
    private static final FieldType.Message ACCESS = withSpec(new FieldType.Message(
            Map.of(1, RESOURCE_ATTRIBUTES, 2, PATH_ATTRIBUTES, 3, text("user"), 4, texts("groups"), 6, text("uid"))));
    private static final FieldType.Message BINDING = new FieldType.Message(Map.of(
            1,
            METADATA,
            2,
            new Field(
                    "subjects",
                    new FieldType.MessageList(new FieldType.Message(
                            Map.of(1, text("kind"), 2, text("apiGroup"), 3, text("name"), 4, text("namespace"))))),
            3,
            new Field(
                    "roleRef", new FieldType.Message(Map.of(1, text("apiGroup"), 2, text("kind"), 3, text("name"))))));
    private static final Field BOUND_OBJECT = new Field(
            "boundObjectRef",
            new FieldType.Message(Map.of(1, text("kind"), 2, text("apiVersion"), 3, text("name"), 4, text("uid"))));

    private static final Map<String, FieldType.Message> KINDS = Map.ofEntries(
            Map.entry("Namespace", new FieldType.Message(Map.of(1, METADATA))),
            Map.entry("ServiceAccount", new FieldType.Message(Map.of(1, METADATA))),
            Map.entry("ConfigMap", message(1, METADATA, 2, new Field("data", new FieldType.Texts()))),
            Map.entry("DeleteOptions", new FieldType.Message(Map.of())),
            Map.entry("RoleBinding", BINDING),
            Map.entry("ClusterRoleBinding", BINDING),
            Map.entry("SelfSubjectReview", new FieldType.Message(Map.of(1, METADATA))),
            Map.entry("TokenReview", withSpec(message(1, text("token"), 2, texts("audiences")))),
            Map.entry("SubjectAccessReview", ACCESS),
            Map.entry("LocalSubjectAccessReview", ACCESS),
            Map.entry("SelfSubjectAccessReview", withSpec(message(1, RESOURCE_ATTRIBUTES, 2, PATH_ATTRIBUTES))),
            Map.entry("SelfSubjectRulesReview", withSpec(new FieldType.Message(Map.of(1, text("namespace"))))),
            Map.entry(
                    "TokenRequest",
                    withSpec(new FieldType.Message(Map.of(
                            1,
                            texts("audiences"),
                            3,
                            BOUND_OBJECT,
                            4,
                            new Field("expirationSeconds", new FieldType.WholeNumber()))))));

    private ProtobufKinds() {}

    private static Field text(String name) {
        return new Field(name, new FieldType.Text());
    }

    private static Field texts(String name) {
        return new Field(name, new FieldType.TextList());
    }

    private static FieldType.Message message(int first, Field one, int second, Field other) {
        return new FieldType.Message(Map.of(first, one, second, other));
    }

    private static FieldType.Message withSpec(FieldType.Message spec) {
        return message(1, METADATA, 2, new Field("spec", spec));
    }

    /** The message of a kind, null if it is not read in protobuf. */
    static FieldType.@Nullable Message of(String kind) {
        return KINDS.get(kind);
    }
}
