package dev.exeat.control.gateways;

import dev.exeat.control.api.ApiException;
import dev.exeat.control.api.ApiRequest;
import dev.exeat.control.api.ApiResponse;
import dev.exeat.control.api.JsonBody;
import dev.exeat.control.api.Route;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Where gateways report: {@code PUT /exeat/v1/gateways/NAME}. */
public final class GatewayRoutes {
    /** Before the gateway's name. */
    public static final String PATH = "/exeat/v1/gateways/";

    private static final int MAX_TEXT = 128;

    private final Gateways gateways;
    private final GatewayAccess access;

    public GatewayRoutes(Gateways gateways, GatewayAccess access) {
        this.gateways = gateways;
        this.access = access;
    }

    public List<Route> routes() {
        return List.of(new Route("PUT", PATH + "{name}", this::report));
    }

    private ApiResponse report(ApiRequest request) {
        String name = request.variables().getOrDefault("name", "");
        access.require("update", PATH + name, request.headers());
        GatewayReport report = read(name, JsonBody.read(request));
        try {
            gateways.report(report);
        } catch (ReportRefusedException e) {
            throw new ApiException(
                    e.isFull() ? 429 : 409,
                    e.isFull() ? "too_many_gateways" : "reported_by_another",
                    String.valueOf(e.getMessage()),
                    "");
        }
        return ApiResponse.json(200, Map.of("name", name));
    }

    private static GatewayReport read(String name, JsonNode body) {
        if (!GatewayName.isValid(name)) {
            throw invalid("the name of a gateway has 1 to 253 of a-z, 0-9, hyphen and dot");
        }
        JsonNode version = body.path("resource_version");
        if (!version.isIntegralNumber() || version.asLong(-1) < 0) {
            throw invalid("resource_version is no number of a version");
        }
        try {
            return new GatewayReport(
                    name,
                    text(body, "policy_digest"),
                    version.asLong(),
                    text(body, "version"),
                    Instant.parse(text(body, "started")));
        } catch (DateTimeException e) {
            throw invalid("started is no time as 2026-01-31T12:00:00Z");
        }
    }

    private static String text(JsonNode body, String field) {
        String text = body.path(field).asString("");
        if (text.isEmpty() || text.length() > MAX_TEXT || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw invalid(field + " is no text of 1 to " + MAX_TEXT + " visible characters");
        }
        return text;
    }

    private static ApiException invalid(String message) {
        return new ApiException(422, "invalid_report", message, "");
    }
}
