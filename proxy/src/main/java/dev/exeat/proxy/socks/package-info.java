/** The server's side of SOCKS5 (RFC 1928) as far as a CONNECT needs it. */
@NullMarked
package dev.exeat.proxy.socks;

import org.jspecify.annotations.NullMarked;
