/** The octets of the played connections: an application's TLS by its shape alone. */
@NullMarked
package dev.exeat.bench.wire;

import org.jspecify.annotations.NullMarked;
