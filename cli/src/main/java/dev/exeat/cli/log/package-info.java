/** The program's own log on standard error: text for people, JSON for machines. */
@NullMarked
package dev.exeat.cli.log;

import org.jspecify.annotations.NullMarked;
