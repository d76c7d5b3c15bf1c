/** The upstream process: the servers that all measured programs dial. */
@NullMarked
package dev.exeat.bench.upstream;

import org.jspecify.annotations.NullMarked;
