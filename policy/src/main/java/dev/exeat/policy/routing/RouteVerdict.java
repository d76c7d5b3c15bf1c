package dev.exeat.policy.routing;

import dev.exeat.model.HostPort;
import dev.exeat.model.PolicyRef;
import org.jspecify.annotations.Nullable;

/** Where a connection goes. */
public sealed interface RouteVerdict {

    /**
     * @param upstream the name to resolve and dial
     * @param by the route, or the Gateway where no route is asked for; null where no object is for this gateway
     */
    record To(HostPort upstream, @Nullable PolicyRef by) implements RouteVerdict {}

    /**
     * No listener takes it, or no route leads on.
     *
     * @param hint what to do about it
     */
    record Nowhere(String message, String hint, @Nullable PolicyRef by) implements RouteVerdict {}
}
