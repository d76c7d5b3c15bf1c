package dev.exeat.control.gateways;

import dev.exeat.control.api.ApiException;
import java.util.List;
import java.util.function.Function;

/** Who may read what gateways enforce, and report as one. Thread-safe. */
@FunctionalInterface
public interface GatewayAccess {
    /**
     * Lets a gateway pass.
     *
     * @param verb as Kubernetes names it: {@code get}, {@code update}
     * @param headers all values of a header, by its name in any case
     * @throws ApiException 401 or 403
     */
    void require(String verb, String path, Function<String, List<String>> headers);
}
