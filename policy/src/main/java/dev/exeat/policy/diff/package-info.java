/** Where two sets of policies decide differently. */
@NullMarked
package dev.exeat.policy.diff;

import org.jspecify.annotations.NullMarked;
