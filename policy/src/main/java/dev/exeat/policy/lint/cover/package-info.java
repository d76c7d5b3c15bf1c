/** Finds entries that another entry always covers, without comparing each with each. */
@NullMarked
package dev.exeat.policy.lint.cover;

import org.jspecify.annotations.NullMarked;
