/**
 * Gateway, VirtualService, DestinationRule and EnvoyFilter objects of {@code networking.istio.io}: which hosts and ports a
 * listener takes, and where they go.
 */
@NullMarked
package dev.exeat.policy.routing;

import org.jspecify.annotations.NullMarked;
