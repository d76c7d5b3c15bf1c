/** The logs of connections that {@code --log-profile} and {@code --record-log} ask for: where their lines go, and how. */
@NullMarked
package dev.exeat.flow.log;

import org.jspecify.annotations.NullMarked;
