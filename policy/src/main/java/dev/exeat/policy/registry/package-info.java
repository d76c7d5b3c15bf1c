/** The registry of known hosts: ServiceEntry objects of {@code networking.istio.io}, and the lookup of host and port. */
@NullMarked
package dev.exeat.policy.registry;

import org.jspecify.annotations.NullMarked;
