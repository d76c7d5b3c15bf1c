/** How commands on the same machine ask a running gateway: JSON lines over a socket in its data directory. */
@NullMarked
package dev.exeat.control.local;

import org.jspecify.annotations.NullMarked;
