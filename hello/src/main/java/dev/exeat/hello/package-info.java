/** Reads the ClientHello that an application sends, strictly and without changing an octet: bytes in, facts out. */
@NullMarked
package dev.exeat.hello;

import org.jspecify.annotations.NullMarked;
