/** Peers for tests: hostile clients, sites, upstreams, a name server, certificates good and bad, and real programs. */
@NullMarked
package dev.exeat.testkit;

import org.jspecify.annotations.NullMarked;
