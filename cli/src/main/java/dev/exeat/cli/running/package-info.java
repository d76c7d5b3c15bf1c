/** The policies of a running gateway, handed to a command on the same machine. */
@NullMarked
package dev.exeat.cli.running;

import org.jspecify.annotations.NullMarked;
