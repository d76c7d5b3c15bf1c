/** Policies made from what was seen. */
@NullMarked
package dev.exeat.cli.suggest;

import org.jspecify.annotations.NullMarked;
