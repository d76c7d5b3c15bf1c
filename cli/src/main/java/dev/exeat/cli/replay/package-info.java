/** Trying a policy on the connections of the past. */
@NullMarked
package dev.exeat.cli.replay;

import org.jspecify.annotations.NullMarked;
