/** Finds what is legal in a set of objects, and probably not meant: one small class per check, one code per finding. */
@NullMarked
package dev.exeat.policy.lint;

import org.jspecify.annotations.NullMarked;
