/** What the sums of the history say: policies that fit, audits that can end, and what is new. */
@NullMarked
package dev.exeat.cli.seen;

import org.jspecify.annotations.NullMarked;
