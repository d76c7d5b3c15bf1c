/** What rules are worth: which of them no recorded connection needed. */
@NullMarked
package dev.exeat.cli.rules;

import org.jspecify.annotations.NullMarked;
