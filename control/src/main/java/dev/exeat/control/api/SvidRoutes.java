package dev.exeat.control.api;

import dev.exeat.identity.IdentityStoreException;
import dev.exeat.identity.IssuedSvid;
import dev.exeat.identity.SvidRefusedException;
import dev.exeat.identity.SvidService;
import dev.exeat.identity.SvidSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What workloads and gateways need to have an identity and to judge others: {@code POST /v1/svid}, {@code GET /v1/bundle}
 * and {@code GET /v1/trust}. The latter two are public, as bundles and lists of revoked certificates are.
 */
public final class SvidRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SvidRoutes.class);
    private static final String PEM = "application/x-pem-file";

    private final SvidService service;
    private final SvidSource trust;
    private final String trustDomain;

    /** @param trust whose bundle is told */
    public SvidRoutes(SvidService service, SvidSource trust, String trustDomain) {
        this.service = service;
        this.trust = trust;
        this.trustDomain = trustDomain;
    }

    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/svid", this::svid),
                new Route("GET", "/v1/bundle", this::bundle),
                new Route("GET", "/v1/trust", this::trust));
    }

    private ApiResponse svid(ApiRequest request) {
        String token = request.bearerToken();
        String csr = csr(JsonBody.read(request));
        IssuedSvid issued = sign(token, csr);
        LOG.atInfo()
                .addKeyValue("id", issued.id())
                .addKeyValue("serial", issued.serial().toString(16))
                .addKeyValue("not_after", issued.notAfter())
                .addKeyValue("source", request.caller().address())
                .log("issued an SVID");
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("svid", issued.chainPem());
        fields.put("bundle", trust.bundle().toPem(trustDomain));
        fields.put("trust_domain", trustDomain);
        fields.put("id", issued.id().toString());
        fields.put("not_after", issued.notAfter().toString());
        return ApiResponse.json(200, fields);
    }

    private static String csr(JsonNode body) {
        for (String field : body.propertyNames()) {
            if (!field.equals("csr")) {
                throw new ApiException(
                        400, "invalid_request", "the body has a field other than csr", "send {\"csr\": \"PEM\"}");
            }
        }
        JsonNode csr = body.get("csr");
        if (csr == null || !csr.isString() || csr.stringValue().isEmpty()) {
            throw new ApiException(
                    400,
                    "invalid_request",
                    "the body has no text in the field csr",
                    "send a certificate signing request as PEM: {\"csr\": \"-----BEGIN CERTIFICATE REQUEST-----…\"}");
        }
        return csr.stringValue();
    }

    private IssuedSvid sign(String token, String csr) {
        try {
            return service.sign(token, csr);
        } catch (SvidRefusedException e) {
            String reason = e.kind().name().toLowerCase(Locale.ROOT);
            String message = String.valueOf(e.getMessage());
            throw switch (e.kind()) {
                case UNAUTHENTICATED ->
                    new ApiException(
                            401,
                            reason,
                            message,
                            "make a new token with exeat token create",
                            Map.of("WWW-Authenticate", "Bearer error=\"invalid_token\""));
                case UNKNOWN_ACCOUNT -> new ApiException(403, reason, message, "");
                case BAD_CSR -> new ApiException(400, reason, message, "send a PKCS#10 request signed by its own key");
                case RATE_LIMITED ->
                    new ApiException(429, reason, message, "wait and try again", Map.of("Retry-After", "1"));
            };
        } catch (IdentityStoreException e) {
            LOG.atError().setCause(e).log("no SVID can be issued");
            throw new ApiException(503, "unavailable", "the authority cannot write its ledger", "see the server's log");
        }
    }

    private ApiResponse bundle(ApiRequest request) {
        String pem = trust.bundle().toPem(trustDomain);
        if (accepts(request, PEM)) {
            return ApiResponse.text(200, PEM, pem);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("trust_domain", trustDomain);
        fields.put("bundle", pem);
        return ApiResponse.json(200, fields);
    }

    /** The bundle and what is revoked; 304 to those who have it already. */
    private ApiResponse trust(ApiRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("trust_domain", trustDomain);
        fields.put("bundle", trust.bundle().toPem(trustDomain));
        fields.put("revoked", trust.revocations().toText());
        ApiResponse whole = ApiResponse.json(200, fields);
        Map<String, String> tag = Map.of("ETag", "\"" + sha256(whole.body()) + "\"");
        return request.headers().apply("If-None-Match").contains(tag.get("ETag"))
                ? new ApiResponse(304, whole.contentType(), new byte[0], tag)
                : new ApiResponse(200, whole.contentType(), whole.body(), tag);
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static boolean accepts(ApiRequest request, String mediaType) {
        return String.join(",", request.headers().apply("Accept"))
                .toLowerCase(Locale.ROOT)
                .contains(mediaType);
    }
}
