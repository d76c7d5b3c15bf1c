/** Commands that look at what connections there are and were. */
@NullMarked
package dev.exeat.cli.observe;

import org.jspecify.annotations.NullMarked;
