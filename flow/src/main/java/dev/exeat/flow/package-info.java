/** What was seen: records, the lines that users' own log rules ask for, their sinks, and metrics. */
@NullMarked
package dev.exeat.flow;

import org.jspecify.annotations.NullMarked;
