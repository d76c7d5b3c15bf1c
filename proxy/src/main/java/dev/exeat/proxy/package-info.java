/**
 * The way of a connection: listeners, tunnels, and the steps from the first byte to the record. The gateway and the
 * workload proxy are two assemblies of the same parts.
 */
@NullMarked
package dev.exeat.proxy;

import org.jspecify.annotations.NullMarked;
