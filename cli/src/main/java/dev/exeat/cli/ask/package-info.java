/** Commands that ask policies what they decide, and why, without putting them in force. */
@NullMarked
package dev.exeat.cli.ask;

import org.jspecify.annotations.NullMarked;
