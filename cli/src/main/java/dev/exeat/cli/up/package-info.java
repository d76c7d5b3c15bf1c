/** Puts the roles together from the parts of the other modules. */
@NullMarked
package dev.exeat.cli.up;

import org.jspecify.annotations.NullMarked;
