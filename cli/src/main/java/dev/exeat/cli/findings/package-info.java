/** What stands out among recorded connections: who went where first, and what is odd about it. */
@NullMarked
package dev.exeat.cli.findings;

import org.jspecify.annotations.NullMarked;
