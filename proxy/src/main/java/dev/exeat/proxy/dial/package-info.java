/** From a vetted name to a connected upstream: which addresses may be dialled, where a connection goes instead, and the race between addresses. */
@NullMarked
package dev.exeat.proxy.dial;

import org.jspecify.annotations.NullMarked;
