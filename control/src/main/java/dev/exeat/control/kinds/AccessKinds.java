package dev.exeat.control.kinds;

import java.util.List;

/** Kinds of Kubernetes' own about access: who has which role, questions about it, and requests for certificates. */
final class AccessKinds {
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final String AUTHORIZATION = "authorization.k8s.io";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final List<String> ASKED = List.of("create");
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);
    private static final Column ROLE = Column.made(
            "Role",
            0,
            binding -> binding.at("/roleRef/kind").asString("") + "/"
                    + binding.at("/roleRef/name").asString(""));

    private AccessKinds() {}

    static List<Kind> all(PublishedSchemas schemas) {
        return List.of(
                kind(schemas, AUTHENTICATION, "SelfSubjectReview", false, ASKED),
                kind(schemas, AUTHENTICATION, "TokenReview", false, ASKED),
                kind(schemas, AUTHORIZATION, "LocalSubjectAccessReview", true, ASKED),
                kind(schemas, AUTHORIZATION, "SelfSubjectAccessReview", false, ASKED),
                kind(schemas, AUTHORIZATION, "SelfSubjectRulesReview", false, ASKED),
                kind(schemas, AUTHORIZATION, "SubjectAccessReview", false, ASKED),
                new Kind(
                        "certificates.k8s.io",
                        version(
                                schemas,
                                "certificates.k8s.io",
                                "CertificateSigningRequest",
                                List.of(
                                        AGE,
                                        new Column("SignerName", "string", ".spec.signerName", 0),
                                        new Column("Requestor", "string", ".spec.username", 0))),
                        KindNames.regular("CertificateSigningRequest", "csr"),
                        false,
                        List.of("create", "delete", "deletecollection", "get", "list", "watch")),
                kind(
                        schemas,
                        RBAC,
                        "ClusterRole",
                        false,
                        READ,
                        new Column("Created At", "string", ".metadata.creationTimestamp", 0)),
                kind(schemas, RBAC, "ClusterRoleBinding", false, Kind.ALL_VERBS, ROLE, AGE),
                kind(schemas, RBAC, "RoleBinding", true, Kind.ALL_VERBS, ROLE, AGE));
    }

    private static Kind kind(
            PublishedSchemas schemas,
            String group,
            String name,
            boolean namespaced,
            List<String> verbs,
            Column... columns) {
        return new Kind(
                group, version(schemas, group, name, List.of(columns)), KindNames.regular(name), namespaced, verbs);
    }

    private static List<Kind.Version> version(
            PublishedSchemas schemas, String group, String name, List<Column> columns) {
        return List.of(
                new Kind.Version("v1", schemas.resolved(PublishedSchemas.name(group, "v1", name)), columns, false));
    }
}
