/** What the workload proxy needs to take traffic that the kernel redirects to it: destinations, and names without a look-up. */
@NullMarked
package dev.exeat.proxy.capture;

import org.jspecify.annotations.NullMarked;
