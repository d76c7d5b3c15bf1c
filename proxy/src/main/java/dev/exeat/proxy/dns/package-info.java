/** The gateway's own stub resolver: it asks configured name servers, trusts no answer it did not ask for, and caches within bounds. */
@NullMarked
package dev.exeat.proxy.dns;

import org.jspecify.annotations.NullMarked;
