/** The API over TLS: routes, their errors as JSON, and the server that carries them. */
@NullMarked
package dev.exeat.control.api;

import org.jspecify.annotations.NullMarked;
