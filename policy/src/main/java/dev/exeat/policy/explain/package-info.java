/** Answers to "why?": the verdict as a sentence, how it came about, what came nearest, and the change that would flip it. */
@NullMarked
package dev.exeat.policy.explain;

import org.jspecify.annotations.NullMarked;
