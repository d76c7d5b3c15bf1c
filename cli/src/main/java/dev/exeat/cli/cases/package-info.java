/** {@code exeat test}: expected verdicts, held against policies. */
@NullMarked
package dev.exeat.cli.cases;

import org.jspecify.annotations.NullMarked;
