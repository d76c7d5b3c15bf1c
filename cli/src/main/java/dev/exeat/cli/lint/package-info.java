/** {@code exeat lint}: what is wrong with policies, and what is probably not meant, for people and for machines. */
@NullMarked
package dev.exeat.cli.lint;

import org.jspecify.annotations.NullMarked;
