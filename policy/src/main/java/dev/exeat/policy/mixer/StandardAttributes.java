package dev.exeat.policy.mixer;

import dev.exeat.policy.cexl.ValueType;
import dev.exeat.policy.cexl.Vocabulary;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The attributes that Istio's manifests "istioproxy" and "kubernetes" declare; no object needs to repeat them. */
public final class StandardAttributes {
    public static final String SERVER_NAME = "connection.requested_server_name";
    public static final String PRINCIPAL = "source.principal";

    private static final Vocabulary VOCABULARY = declared();

    /** What every attempt has when it is checked; everything else may be absent then. */
    private static final Set<String> CERTAIN = Set.of(
            "source.uid",
            "source.ip",
            "origin.ip",
            "source.labels",
            "source.name",
            "source.owner",
            "source.serviceAccount",
            "source.workload.uid",
            "source.workload.name",
            "source.workload.namespace",
            "destination.ip",
            "destination.port",
            "destination.labels",
            "destination.uid",
            "destination.principal",
            "destination.name",
            "destination.namespace",
            "destination.owner",
            "destination.serviceAccount",
            "destination.container.name",
            "destination.workload.uid",
            "destination.workload.name",
            "destination.workload.namespace",
            "connection.id",
            "connection.mtls",
            SERVER_NAME,
            "context.time",
            "context.timestamp",
            "context.protocol",
            "context.reporter.kind",
            "context.reporter.uid",
            "context.reporter.local");

    private StandardAttributes() {}

    public static Vocabulary vocabulary() {
        return VOCABULARY;
    }

    /** Whether the attribute has a value whenever a check is made. */
    static boolean isCertain(String attribute) {
        return CERTAIN.contains(attribute);
    }

    private static Vocabulary declared() {
        Map<String, ValueType> types = new HashMap<>();
        declare(types, ValueType.STRING, """
                source.uid source.user source.principal source.name source.namespace source.owner source.serviceAccount source.services source.workload.uid source.workload.name source.workload.namespace
                destination.uid destination.principal destination.name destination.namespace destination.owner destination.serviceAccount destination.container.name destination.workload.uid destination.workload.name destination.workload.namespace
                destination.service destination.service.host destination.service.name destination.service.namespace destination.service.uid
                origin.uid origin.user connection.id connection.event connection.requested_server_name
                context.protocol context.proxy_error_code context.proxy_version context.reporter.kind context.reporter.uid
                check.error_message rbac.permissive.response_code rbac.permissive.effective_policy_id
                api.service api.version api.operation api.protocol
                request.id request.host request.method request.path request.url_path request.reason request.referer request.scheme request.useragent request.api_key
                request.auth.principal request.auth.audiences request.auth.presenter request.auth.raw_claims response.grpc_status response.grpc_message""");
        declare(types, ValueType.INT64, """
                destination.port connection.received.bytes connection.received.bytes_total connection.sent.bytes connection.sent.bytes_total check.error_code
                request.size request.total_size response.code response.size response.total_size""");
        declare(types, ValueType.BOOL, """
                connection.mtls context.reporter.local check.cache_hit quota.cache_hit""");
        declare(types, ValueType.TIMESTAMP, """
                context.time context.timestamp request.time response.time""");
        declare(types, ValueType.DURATION, """
                connection.duration response.duration""");
        declare(types, ValueType.IP_ADDRESS, """
                source.ip destination.ip origin.ip""");
        declare(types, ValueType.STRING_MAP, """
                source.labels source.metadata destination.labels destination.metadata request.headers request.query_params request.auth.claims response.headers""");
        return new Vocabulary(types);
    }

    private static void declare(Map<String, ValueType> types, ValueType type, String names) {
        for (String name : names.split("\\s+")) {
            types.put(name, type);
        }
    }
}
