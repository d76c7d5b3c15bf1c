/** Finds the policies that may concern an attempt without trying the others, so that deciding stays fast. */
@NullMarked
package dev.exeat.policy.index;

import org.jspecify.annotations.NullMarked;
