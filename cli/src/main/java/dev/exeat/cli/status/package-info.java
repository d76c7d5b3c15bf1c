/** {@code exeat status}: what is in force in a running gateway. */
@NullMarked
package dev.exeat.cli.status;

import org.jspecify.annotations.NullMarked;
