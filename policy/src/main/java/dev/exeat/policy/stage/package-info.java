/** What every stage of a decision gives: a verdict of the policies in force, and one of those that are only on trial. */
@NullMarked
package dev.exeat.policy.stage;

import org.jspecify.annotations.NullMarked;
