/** What one peer may have: exact counts and rates for each source address and each identity. */
@NullMarked
package dev.exeat.proxy.limit;

import org.jspecify.annotations.NullMarked;
