/** The workload's side: takes the application's connections on loopback and tunnels them to a gateway. */
@NullMarked
package dev.exeat.proxy.workload;

import org.jspecify.annotations.NullMarked;
