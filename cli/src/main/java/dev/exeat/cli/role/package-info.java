/** The life of a long-running role: start, ready line, reload, drain, end. */
@NullMarked
package dev.exeat.cli.role;

import org.jspecify.annotations.NullMarked;
