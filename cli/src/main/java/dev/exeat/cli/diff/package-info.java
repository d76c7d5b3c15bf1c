/** {@code exeat diff}: whose verdicts a change of the policies turns. */
@NullMarked
package dev.exeat.cli.diff;

import org.jspecify.annotations.NullMarked;
