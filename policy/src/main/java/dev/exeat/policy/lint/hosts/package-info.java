/** What is known about host names without asking anyone: who shares a suffix, which names look alike, who covers whom. */
@NullMarked
package dev.exeat.policy.lint.hosts;

import org.jspecify.annotations.NullMarked;
