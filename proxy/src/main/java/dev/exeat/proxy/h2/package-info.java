/** HTTP/2 as CONNECT tunnels need it (RFC 9113): each tunnel is a byte stream of its own over one connection. */
@NullMarked
package dev.exeat.proxy.h2;

import org.jspecify.annotations.NullMarked;
